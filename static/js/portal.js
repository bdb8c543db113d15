/* Small comforts of the portal. Every page works without this file: links are links, forms post. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const find = (selector) => document.querySelector(selector);

  /* Single-letter keys can be switched off, per browser (WCAG 2.1.4). */
  const SWITCH = "umkm-keys-off";
  function keysOn() {
    try {
      return localStorage.getItem(SWITCH) !== "1";
    } catch {
      return true;
    }
  }
  function setKeys(on) {
    try {
      localStorage.setItem(SWITCH, on ? "0" : "1");
    } catch {
      /* private window: stays as it is for this page */
    }
  }

  const typing = (element) =>
    element.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type));

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      const form = (event.target.closest && event.target.closest("form[data-main]")) || find("form[data-main]");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.key === "Escape") {
      const menu = find("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (location.hash && find(".sheet:target, .map-side:target")) {
        location.hash = "hasil";
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
    if (typing(event.target) || find("dialog[open]")) return;
    if (event.key === "/") {
      const search = find("input[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "?") {
      openDialog("bantuan");
    } else if (!event.repeat) {
      /* The review keys act only while the review itself has the focus. */
      const review = event.target.closest && event.target.closest("[data-review]");
      const act = review && review.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (act && !act.disabled) {
        event.preventDefault();
        act.click();
      }
    }
  });

  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const target = event.target.closest && event.target.closest("[data-open], [data-print], [data-share], [data-copy]");
    if (!target) return;
    if (target.dataset.open) openDialog(target.dataset.open);
    else if ("print" in target.dataset) window.print();
    else if ("share" in target.dataset) share(target);
    else copy(target, target.dataset.copy);
  });

  function share(button) {
    const url = new URL(button.dataset.share || location.href, location.href).href;
    if (navigator.share) navigator.share({ title: document.title, url: url }).catch(() => {});
    else copy(button, url);
  }

  function copy(button, text) {
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(text).then(() => say(button.dataset.copied || "Tersalin"));
  }

  function say(text) {
    const live = document.getElementById("kabar");
    if (live) live.textContent = text;
  }

  /* Picking rows: one box for all, a count, and what shows only when something is picked. */
  function countPicked() {
    const boxes = all("input[data-pick]");
    if (!boxes.length) return;
    const picked = boxes.filter((box) => box.checked).length;
    all("[data-picked]").forEach((place) => (place.textContent = picked));
    all("[data-when-picked]").forEach((piece) => (piece.hidden = !picked));
    all("input[data-pick-all]").forEach((box) => {
      box.checked = picked === boxes.length;
      box.indeterminate = picked > 0 && picked < boxes.length;
    });
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("input[data-pick-all]")) {
      all("input[data-pick]").forEach((other) => (other.checked = box.checked));
    }
    if (box.matches("input[data-pick-all], input[data-pick]")) countPicked();
    if (box.matches("select[data-submit]") && box.form) box.form.requestSubmit();
    if (box.matches("[data-keys-switch]")) setKeys(box.checked);
    if (box.matches("input[type=file][data-names]")) {
      const place = document.getElementById(box.dataset.names);
      if (place) place.textContent = Array.from(box.files, (file) => file.name).join(", ");
    }
  });

  /* The browser brings ticks back after "back", and tells nobody. */
  window.addEventListener("pageshow", countPicked);

  /* Leaving a page with unsaved input asks first. */
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", () => (unsaved = false));

  /* The field pages' key and names (outbox-store.js); what they have not sent yet stays, unreadable here. */
  const LEFT = "umkm-keluar";
  const forgetKeys = () => window.indexedDB && indexedDB.deleteDatabase("umkm-lapor-kunci");

  /* Signing out leaves nothing of what was being typed, in this tab or another. */
  document.addEventListener("submit", (event) => {
    if (!/\/keluar\/$/.test(event.target.getAttribute("action") || "")) return;
    try {
      Object.keys(sessionStorage)
        .filter((key) => /^(deret|isian):/.test(key))
        .forEach((key) => sessionStorage.removeItem(key));
      if (window.BroadcastChannel) new BroadcastChannel("umkm-keluar").postMessage("keluar");
      forgetKeys();
      sessionStorage.setItem(LEFT, "1");
    } catch {
      /* private window: nothing was kept */
    }
  });
  /* Once more on the page after it: another tab may have been told them while the sign-out was on its way. */
  try {
    if (sessionStorage.getItem(LEFT)) {
      sessionStorage.removeItem(LEFT);
      forgetKeys();
    }
  } catch {
    /* private window */
  }
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  /* Files dropped on a file field land in its input. */
  all(".photo-field").forEach((field) => {
    const input = field.querySelector("input[type=file]");
    if (!input) return;
    field.addEventListener("dragover", (event) => {
      event.preventDefault();
      field.classList.add("over");
    });
    field.addEventListener("dragleave", () => field.classList.remove("over"));
    field.addEventListener("drop", (event) => {
      event.preventDefault();
      field.classList.remove("over");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  function ready(from) {
    all("[data-open], [data-print], [data-copy], [data-share]", from).forEach((button) => (button.hidden = false));
    const box = find("[data-keys-switch]");
    if (box) box.checked = keysOn();
    countPicked();
  }
  ready();

  /* A page that came back with errors, or says so, starts at what matters. */
  const first = find("[data-focus]");
  if (first) first.focus();

  /* After htmx has put a piece in: tell readers, and move the focus where the piece asks. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const piece = event.detail.elt || event.target;
    if (!piece || !piece.querySelector) return;
    ready(piece);
    const news = piece.matches("[data-announce]") ? piece : piece.querySelector("[data-announce]");
    if (news) say(news.dataset.announce);
    const target = piece.matches("[data-focus]") ? piece : piece.querySelector("[data-focus]");
    if (target) {
      if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
      target.focus();
    }
  });
})();
