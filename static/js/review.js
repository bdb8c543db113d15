/* Opening "Minta perbaikan" or "Tolak…" puts the cursor where the reason is written; Escape closes it. */
(function () {
  "use strict";
  document.querySelectorAll("details.act-fold, details.note-fold").forEach((fold) => {
    fold.addEventListener("toggle", () => {
      if (!fold.open) return;
      const first = fold.querySelector("input, textarea");
      if (first) first.focus();
    });
    fold.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && fold.open) {
        fold.open = false;
        fold.querySelector("summary").focus();
      }
    });
  });
})();
