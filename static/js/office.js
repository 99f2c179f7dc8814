"use strict";
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
