/* The board by keyboard: J and K walk from row to row, space picks (a check box does that by itself), H goes
   to the day, M puts what is picked into it. Without this file the boxes and the button do the same. */
(function () {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const boxes = () => Array.from(board.querySelectorAll("input[data-pick]"));

  function keysOff() {
    try {
      return localStorage.getItem("umkm-keys-off") === "1";
    } catch {
      return false;
    }
  }

  const typing = (element) =>
    /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type));

  function walk(step) {
    const all = boxes();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[Math.min(all.length - 1, Math.max(0, at + step))];
    next.focus();
    next.closest("tr").scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = event.target === document.body || board.contains(event.target) || event.target.id === "isi";
    if (!inside || typing(event.target) || keysOff() || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const day = board.querySelector("[data-board-day]");
    const put = board.querySelector("[data-board-put]");
    if (key === "j") walk(1);
    else if (key === "k") walk(-1);
    else if (key === "h" && day && !day.form.hidden) day.focus();
    else if (key === "m" && put && !put.form.hidden && !event.repeat) put.click();
    else return;
    event.preventDefault();
  });

  /* On a phone the places step back until they are asked for. */
  const fold = board.querySelector("[data-board-fold]");
  if (fold && window.matchMedia("(max-width: 62rem)").matches) fold.open = false;

  /* A date typed for a new day means a new day. */
  board.addEventListener("change", (event) => {
    const day = board.querySelector("[data-board-day]");
    if (event.target.id === "tanggal" && event.target.value && day) day.value = "";
  });
})();
