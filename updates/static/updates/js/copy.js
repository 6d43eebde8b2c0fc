// The button that copies what an element shows; its id is in data-copy.
"use strict";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copy);
  const words = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(shown.textContent.trim());
    words.textContent = button.dataset.copied;
  } catch {
    // Plain HTTP has no clipboard: what is marked can be copied by hand.
    getSelection().selectAllChildren(shown);
  }
});
