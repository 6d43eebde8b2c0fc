// The keyboard: the command palette and the shortcuts. Every page works without them.
"use strict";

const palette = () => document.getElementById("jump");
const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");
const FOLLOWS_WITHIN_MS = 1200;
let pressedG = 0;

function openPalette() {
  const dialog = palette();
  if (!dialog || dialog.open) return;
  document.getElementById("menu")?.hidePopover?.();
  dialog.showModal();
  const field = dialog.querySelector("input");
  field.select();
  field.dispatchEvent(new CustomEvent("jump:open"));
}

function moveInPalette(event) {
  const links = [...palette().querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && links.length) {
    event.preventDefault();
    const next = at + step;
    (next < 0 ? palette().querySelector("input") : links[Math.min(next, links.length - 1)]).focus();
  } else if (event.key === "Enter" && at < 0 && links.length) {
    event.preventDefault();
    links[0].click();
  }
}

function search() {
  const field = document.querySelector("main input[type=search]");
  if (field) field.focus();
  else openPalette();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-jump]") && palette()) {
    event.preventDefault();
    openPalette();
  } else if (event.target === palette()) {
    palette().close();
  }
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (palette()?.open) {
    moveInPalette(event);
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
    pressed(event);
  }
});

function pressed(event) {
  const place = Date.now() - pressedG < FOLLOWS_WITHIN_MS
    && [...document.querySelectorAll("[data-key]")].find((link) => link.dataset.key === event.key);
  pressedG = event.key === "g" ? Date.now() : 0;
  if (place) place.click();
  else if (event.key === "?") document.querySelector("[aria-keyshortcuts='?']")?.click();
  else if (event.key === "/") { event.preventDefault(); search(); }
}
