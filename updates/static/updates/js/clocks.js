// Seconds that go on between two polls: data-until counts down to a moment, data-since up from one.
// Both are in seconds since the epoch. Without scripts the numbers are those of the last poll.
"use strict";

function inTenths(seconds) {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return seconds.toLocaleString(document.documentElement.lang, digits);
}

function inWords(seconds) {
  if (seconds < 10) return `${inTenths(seconds)} s`;
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  const hours = Math.floor(minutes / 60);
  if (hours) return `${hours} h ${minutes % 60} min`;
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
}

function tick() {
  const now = Date.now() / 1000;
  document.querySelectorAll("[data-until]").forEach((shown) => {
    const left = Math.max(0, Math.round(Number(shown.dataset.until) - now));
    const minutes = Math.floor(left / 60);
    shown.textContent = minutes ? `${minutes} min ${left % 60} s` : `${left} s`;
  });
  document.querySelectorAll("[data-since]").forEach((shown) => {
    shown.textContent = inWords(Math.max(0, now - Number(shown.dataset.since)));
  });
}

setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
