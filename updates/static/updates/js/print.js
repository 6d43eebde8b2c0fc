// The button that prints, and everything unfolded on paper.
"use strict";

let folded = [];

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) window.print();
});

window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  folded.forEach((one) => { one.open = true; });
});

window.addEventListener("afterprint", () => {
  folded.forEach((one) => { one.open = false; });
});
