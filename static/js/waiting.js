// A page that waits for something the worker makes looks again until its waiting mark is gone, or is that of something
// else; then it reloads once, or says so where somebody has begun to type. Meanwhile the mark says what the newest page
// says there.
let typed = false;
addEventListener("input", () => (typed = true));
const look = async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const mark = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-waiting]");
  const shown = document.querySelector("[data-waiting]");
  const same = mark && mark.dataset.waiting === shown.dataset.waiting;
  if (answer.ok && !same && !typed) return location.reload();
  const words = same ? mark.textContent : "It is ready: look again once you have sent what you typed.";
  if (answer.ok && words !== shown.textContent) shown.textContent = words;
  if (!answer.ok || same) setTimeout(look, 3000);
};
setTimeout(look, 2000);
