// Small comforts. Every page works without them.
"use strict";

const boxes = () => [...document.querySelectorAll("input[name=container][type=checkbox]")];

function countSelected() {
  const line = document.querySelector("[data-selected]");
  if (!line) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  const { none, some } = line.dataset;
  line.textContent = chosen ? some.replace("{chosen}", chosen).replace("{all}", all.length) : none;
  document.querySelectorAll("[data-select-all]").forEach((box) => {
    box.checked = chosen > 0 && chosen === all.length;
    box.indeterminate = chosen > 0 && chosen < all.length;
  });
}

document.addEventListener("change", (event) => {
  const { reveal } = event.target.dataset;
  if (reveal) document.getElementById(reveal).type = event.target.checked ? "text" : "password";
  if (event.target.matches("[data-select-all]")) {
    boxes().forEach((box) => { box.checked = event.target.checked; });
  }
  countSelected();
});

// Ticked, opened, or where the keyboard is: a part that renews itself waits for it to be over.
const isInUse = (part) => part.contains(document.activeElement) || part.querySelector(":checked, [open]");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // The session ended: a sign-in form came back instead of what was asked for.
  const answered = new URL(detail.xhr.responseURL || location.href);
  if (answered.pathname !== new URL(detail.requestConfig.path, location.href).pathname) {
    detail.shouldSwap = false;
    location.reload();
    return;
  }
  // A 304 arrives here as the same text again: what is selected and focused stays untouched.
  if (detail.target.dataset.etag && detail.target.dataset.etag === detail.xhr.getResponseHeader("ETag")) {
    detail.shouldSwap = false;
    return;
  }
  const line = detail.target.querySelector("[data-changed]");
  if (line && detail.requestConfig.elt === detail.target && isInUse(detail.target)) {
    detail.shouldSwap = false;
    line.hidden = false;
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const shown = document.getElementById(detail.target.id);
  const etag = detail.xhr.getResponseHeader("ETag");
  if (shown && etag) shown.dataset.etag = etag;
});

document.addEventListener("htmx:afterSettle", countSelected);

document.addEventListener("DOMContentLoaded", countSelected);

document.addEventListener("click", ({ target }) => {
  // A menu of more closes when something is chosen, in it or elsewhere.
  document.querySelectorAll("details.more-acts[open]").forEach((menu) => {
    if (!menu.contains(target) || target.closest("a, button")) menu.open = false;
  });
});

for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, ({ detail }) => {
    // Sent once more without scripts: the browser then shows the page that says what is wrong.
    if (detail.elt.matches("form[hx-post]")) detail.elt.submit();
  });
}
