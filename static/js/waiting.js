// A page that waits for something the worker makes looks again until its waiting mark is gone; then it reloads once.
// Meanwhile the mark says what the newest page says there.
const look = async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const mark = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-waiting]");
  const shown = document.querySelector("[data-waiting]");
  if (answer.ok && !mark) location.reload();
  else setTimeout(look, 3000);
  if (mark && mark.textContent !== shown.textContent) shown.textContent = mark.textContent;
};
setTimeout(look, 2000);
