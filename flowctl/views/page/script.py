"""The script of the page: it filters pipelines, and opens all of them to be printed. Without it, all are shown."""

from typing import Final

PAGE_SCRIPT: Final = """\
"use strict";
const form = document.querySelector("form");
const parts = [...document.querySelectorAll("details[data-actions]")];
if (form) {
  const search = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const count = form.querySelector("output");
  const filter = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
    let shown = 0;
    for (const part of parts) {
      const text = part.textContent.toLowerCase();
      const has = part.dataset.actions.split(" ").some((action) => wanted.includes(action));
      part.hidden = !(has && words.every((word) => text.includes(word)));
      shown += part.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${parts.length}`;
  };
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  filter();
}
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const part of closed) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of closed) part.open = false;
});
"""
"""The script; it sends nothing, and reads nothing but the page."""
