// Small comforts. Every page works without them.
"use strict";

function countSelected() {
  const line = document.querySelector("[data-selected]");
  if (!line) return;
  const chosen = document.querySelectorAll("input[name=container]:checked").length;
  line.textContent = chosen ? `${chosen} selected` : "Select containers above";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    document.querySelectorAll("td input[name=container]").forEach((box) => {
      box.checked = event.target.checked;
    });
  }
  countSelected();
});

// What a person opened or closed stays so when the run page renews itself.
document.addEventListener("htmx:beforeSwap", () => {
  const events = document.getElementById("events");
  if (events) document.body.dataset.events = events.open ? "open" : "closed";
});

document.addEventListener("htmx:afterSettle", () => {
  const events = document.getElementById("events");
  if (events && document.body.dataset.events) events.open = document.body.dataset.events === "open";
  countSelected();
});

document.addEventListener("DOMContentLoaded", countSelected);
