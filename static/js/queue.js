/* Antrean WhatsApp: whoever comes back from WhatsApp finds the next message waiting. Without this a link does. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-send-chat]");
  if (!form) return;
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
    setTimeout(() => (form.querySelector("button").disabled = true), 0); /* a double tap sends one */
    setTimeout(() => document.visibilityState === "visible" && location.reload(), 4000);
  });
  document.addEventListener("visibilitychange", () => {
    if (sent && document.visibilityState === "visible") location.reload();
  });
  window.addEventListener("focus", () => sent && location.reload());
})();
