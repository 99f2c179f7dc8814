// Everything works without this file; with it, some things work a little better.
import { CharacterCount, createAll, initAll } from "./govuk-frontend.min.js";

// Counts as the server does: runs without white space. The design system's own
// word count takes well-being for two words and an emoji for none.
class WordCount extends CharacterCount {
  static moduleName = "word-count";

  updateCount() {
    this.count = (this.$textarea.value.match(/\S+/g) ?? []).length;
  }
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
createAll(WordCount);

// A form is sent once: the second click of an impatient hand does nothing, also
// on buttons that are not the design system's.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // After a download, or coming back with the back button, it may be sent again.
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}

// An address to be pasted elsewhere is copied by a button, where the browser lets a page do so.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.nextElementSibling.textContent = "Copied";
  });
}

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
