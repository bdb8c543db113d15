/* Keying a sheet: letters choose and move on, the count of what is filled in follows. Without this the form
   is a line to type and radios to choose; arrows and Tab work by themselves. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const rows = Array.from(form.querySelectorAll("[data-number]"));
  const text = form.querySelector("textarea");
  const count = form.querySelector("[data-sheet-count]");
  const LETTERS = "astpx";

  function typed() {
    const found = new Set();
    const read = text.value.toLowerCase().replace(/(\d+)\s*-\s*(\d+)\s*([a-z])/g, (all, first, last) => {
      for (let number = Number(first); number <= Number(last) && number - first < 200; number += 1) found.add(number);
      return " ";
    });
    for (const each of read.matchAll(/(\d+)\s*[.):=-]?\s*[astpx]\b/g)) found.add(Number(each[1]));
    return found;
  }

  function tell() {
    const found = typed();
    rows.forEach((row) => row.querySelector(":checked") && found.add(Number(row.dataset.number)));
    count.textContent = found.size ? `${found.size}/${rows.length}` : "";
  }

  form.addEventListener("input", tell);
  form.addEventListener("keydown", (event) => {
    const radio = event.target;
    if (radio.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = event.key.toLowerCase();
    const row = radio.closest("[data-number]");
    if (LETTERS.includes(letter) && letter.length === 1) {
      event.preventDefault();
      row.querySelector(`input[value="${letter}"]`).checked = true;
      tell();
      const next = rows.slice(rows.indexOf(row) + 1).find((each) => each.querySelector("input"));
      (next ? next.querySelector(":checked") || next.querySelector("input") : form.querySelector("button")).focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  if (!document.querySelector("[data-focus]")) text.focus();
  tell();
})();
