// Choosing containers: those of a group together, a range with Shift, or all that were found.
"use strict";

let last = null;

const boxesIn = (place) => [...place.querySelectorAll("input[name=container]")];
const isRow = (target) => target.matches("input[name=container]");

function tellEverything() {
  const everything = document.querySelector("[data-everything]");
  const line = document.querySelector("[data-selected]");
  if (everything && everything.checked && line) line.textContent = line.dataset.found;
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (!isRow(target)) return;
  const all = boxesIn(document);
  const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((one, two) => one - two);
  if (shiftKey && from >= 0) {
    all.slice(from, to).forEach((box) => { box.checked = target.checked; });
  }
  last = target;
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-select-group]")) {
    boxesIn(target.closest("tbody")).forEach((box) => { box.checked = target.checked; });
    target.form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  tellEverything();
});
