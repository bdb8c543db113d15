/* The officer's home: says what still waits on this phone, and tries to send it. Loaded after outbox.js. */
(function () {
  "use strict";
  const hint = document.querySelector("[data-outbox-hint]");
  if (!hint || !window.Outbox || !Outbox.usable) return;

  async function show() {
    const waiting = (await Outbox.items()).filter((item) => item.state !== "sent").length;
    hint.querySelector("[data-outbox-told]").textContent = hint.dataset.words.replace("{n}", waiting);
    hint.hidden = !waiting;
    return waiting;
  }

  Outbox.open()
    .then((me) => me && show())
    .then((waiting) => waiting && Outbox.send().then(show))
    .catch(() => {});
})();
