// allauth's script does the ceremony and reports its failures here: cancelled, timed out, or no such key.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_trouble").hidden = false;
});
