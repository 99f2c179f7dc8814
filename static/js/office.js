"use strict";
// The admin works without this file. Here: Control and K leads to the search.

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  const search = document.querySelector("[data-office-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// Select2's boxes have no accessible name of their own: give them their label's.

function nameBoxes() {
  for (const box of document.querySelectorAll(".select2-selection:not([aria-label])")) {
    const select = box.closest(".select2").previousElementSibling;
    const label = select && document.querySelector(`label[for="${select.id}"]`);
    const name = ((label && label.textContent) || (select && select.getAttribute("aria-label")) || "")
      .replace(/:\s*$/, "")
      .trim();
    if (!name) continue;
    box.setAttribute("aria-label", name);
    box.removeAttribute("aria-labelledby");
    const shown = box.querySelector(".select2-selection__rendered");
    if (shown) {
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  nameBoxes();
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
});
