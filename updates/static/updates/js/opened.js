// What a person opened or closed stays so when a part of the page renews itself.
"use strict";

const opened = new Map();

document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("details[id]") && target.isConnected) opened.set(target.id, target.open);
}, true);

document.addEventListener("htmx:afterSwap", () => {
  opened.forEach((isOpen, id) => {
    const shown = document.getElementById(id);
    if (shown && shown.open !== isOpen) shown.open = isOpen;
  });
});
