/* The review by keyboard: a fold that opens puts the cursor where one writes, Enter sends that fold (and
   nothing else), Escape closes it; B goes to the next value to mend, C to the next note. */
(function () {
  "use strict";
  const review = document.querySelector("[data-review]");
  if (!review) return;

  review.querySelectorAll("details").forEach((fold) => {
    fold.addEventListener("toggle", () => {
      if (!fold.open || !fold.matches(".act-fold, .note-fold")) return;
      const first = fold.querySelector("input, textarea, select");
      if (first) first.focus();
    });
    fold.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !fold.open) return;
      fold.open = false;
      fold.querySelector("summary").focus();
    });
  });

  /* Enter: in a reason it sends that decision, in a value to mend it goes on to why it was mended. */
  review.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select, textarea[data-line]")) return;
    event.preventDefault();
    const fold = event.target.closest(".act-fold");
    const why = review.querySelector(".mend-why");
    const button = fold ? fold.querySelector("button") : why && why.contains(event.target) && approve();
    if (button) button.click();
    else if (why && event.target.closest(".mend-fold")) why.querySelector("input").focus();
  });

  function approve() {
    return review.querySelector("button[value=approve]");
  }

  /* B and C walk through the rows; portal.js presses whatever carries the key. */
  function walk(key, selector) {
    const summaries = Array.from(review.querySelectorAll(selector));
    if (!summaries.length) return;
    const mark = () => {
      const here = document.activeElement && document.activeElement.closest("tr");
      const rows = summaries.map((summary) => summary.closest("tr"));
      const at = rows.indexOf(here);
      summaries.forEach((summary) => delete summary.dataset.key);
      summaries[(at + 1) % summaries.length].dataset.key = key;
    };
    mark();
    review.addEventListener("focusin", mark);
  }
  walk("b", "summary[data-mend]");
  walk("c", "summary[data-note]");
})();
