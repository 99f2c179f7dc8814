// A page that waits for something the worker makes looks again until its waiting link is gone; then it reloads once.
const look = async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (answer.ok && !(await answer.text()).includes("data-waiting")) location.reload();
  else setTimeout(look, 3000);
};
setTimeout(look, 2000);
