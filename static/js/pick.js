/* Pickers that search by words: an ARIA combobox over an input, or over a select that stays underneath.
   Without this file the input takes a code or words, and the select is a select.

     <input data-pick="kbli" data-url="…">       the chosen value goes into the input
     <select data-pick="kelurahan" data-url="…">  … into the select, which is what the form sends
     <input data-pick="person" data-url="…">     … into the event "picked": a name travels by POST only   */
(function () {
  "use strict";
  const kata = document.getElementById("kata");
  const word = (name, n) => {
    const found = kata && kata.content.querySelector(`[data-word="${name}"]`);
    return found ? found.textContent.replace("{n}", n) : "";
  };
  const say = (text) => {
    const live = document.getElementById("kabar");
    if (live) live.textContent = text;
  };
  const csrf = () => {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  };

  function enhance(field) {
    const isSelect = field.tagName === "SELECT";
    const kind = field.dataset.pick;
    const input = isSelect ? document.createElement("input") : field;
    const wrap = document.createElement("div");
    wrap.className = "pick";
    field.before(wrap);
    wrap.append(field);
    if (isSelect) {
      input.className = "form-select" + (field.classList.contains("is-invalid") ? " is-invalid" : "");
      input.id = field.id;
      field.id = field.id + "-pilihan";
      field.hidden = true;
      for (const name of ["aria-describedby", "aria-invalid"]) {
        if (field.hasAttribute(name)) input.setAttribute(name, field.getAttribute(name));
      }
      field.before(input);
    }
    const list = document.createElement("ul");
    list.className = "pick-list";
    list.id = input.id + "-daftar";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", word("choices"));
    wrap.append(list);
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list.id, autocapitalize: "none", spellcheck: "false",
    })) input.setAttribute(name, value);

    let active = -1;
    let timer = 0;
    let asking = null;
    const chosenText = () =>
      isSelect && field.value ? field.selectedOptions[0].textContent.trim() : isSelect ? "" : input.value;
    if (isSelect) input.value = chosenText();
    const options = () => Array.from(list.querySelectorAll("[role=option]"));

    function close() {
      clearTimeout(timer);
      if (asking) asking.abort();
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function open(count) {
      options().forEach((option, n) => (option.id = `${list.id}-${n}`));
      if (!count) {
        close();
        say(word("none"));
        return;
      }
      list.hidden = false;
      active = -1;
      input.setAttribute("aria-expanded", "true");
      input.removeAttribute("aria-activedescendant");
      say(word("found", count));
    }

    function move(to) {
      const rows = options();
      if (!rows.length) return;
      active = (to + rows.length) % rows.length;
      rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === active)));
      input.setAttribute("aria-activedescendant", rows[active].id);
      rows[active].scrollIntoView({ block: "nearest" });
    }

    function choose(row) {
      const value = row.dataset.value;
      close();
      if (kind === "person") {
        input.value = row.dataset.text;
        input.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { value: value } }));
        return;
      }
      if (isSelect) {
        field.value = value;
        input.value = chosenText();
        field.dispatchEvent(new Event("change", { bubbles: true }));
      } else {
        input.value = value;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        const title = document.querySelector("[data-kbli-title]");
        if (kind === "kbli" && title) {
          title.textContent = row.textContent.trim();
          title.hidden = false;
        }
      }
    }

    /* Rows from the select itself: when nothing was typed, and when the line is gone. */
    function local(text) {
      const wanted = text.toLowerCase();
      const rows = isSelect ? Array.from(field.options).filter((o) => o.value && o.textContent.toLowerCase().includes(wanted)) : [];
      list.replaceChildren(
        ...rows.map((option) => {
          const row = document.createElement("li");
          row.setAttribute("role", "option");
          row.setAttribute("aria-selected", "false");
          row.dataset.value = option.value;
          row.textContent = option.textContent.trim();
          if (option.parentElement.label) row.append(Object.assign(document.createElement("small"), { textContent: ` ${option.parentElement.label}` }));
          return row;
        }),
      );
      open(rows.length);
    }

    async function ask() {
      const text = input.value.trim();
      if (asking) asking.abort();
      if (!text) return isSelect ? local("") : close();
      if (text.length < 2) return close();
      asking = new AbortController();
      const question = { q: text };
      const place = document.querySelector("[name=kelurahan]");
      if (kind === "person" && place) question.kelurahan = place.value;
      if (field.dataset.all) question.semua = "1";
      const body = new URLSearchParams(question);
      const post = kind === "person";
      try {
        const answer = await fetch(post ? field.dataset.url : `${field.dataset.url}?${body}`, {
          method: post ? "POST" : "GET",
          body: post ? body : undefined,
          headers: post ? { "X-CSRFToken": csrf() } : {},
          redirect: "manual",
          signal: asking.signal,
        });
        if (!answer.ok) throw new Error("no answer");
        list.innerHTML = await answer.text();
        if (document.activeElement === input) open(options().length);
      } catch (problem) {
        if (problem.name !== "AbortError") local(text);
      }
    }

    input.addEventListener("input", (event) => {
      if (isSelect) event.stopPropagation(); /* the form hears of it when something is chosen */
      clearTimeout(timer);
      timer = setTimeout(ask, 180);
      const title = kind === "kbli" && document.querySelector("[data-kbli-title]");
      if (title) title.hidden = true;
      if (isSelect && !input.value && field.value) {
        field.value = "";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const shown = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!shown) ask();
        else move(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
      } else if (event.key === "Enter" && (shown || kind === "person")) {
        event.preventDefault();
        const rows = options();
        if (shown && (active >= 0 || rows.length === 1)) choose(rows[Math.max(active, 0)]);
      } else if (event.key === "Escape" && shown) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    input.addEventListener("blur", () => {
      const rows = options();
      if (isSelect && input.value.trim() !== chosenText()) {
        const same = rows.find((row) => (row.dataset.text || row.textContent).trim().toLowerCase() === input.value.trim().toLowerCase());
        if (input.value.trim() && (same || (!list.hidden && rows.length === 1))) choose(same || rows[0]);
        else if (input.value.trim()) input.value = chosenText();
      }
      close();
    });
    if (isSelect) field.addEventListener("set", () => (input.value = chosenText()));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); /* keeps the focus in the input */
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) choose(row);
    });
  }

  document.querySelectorAll("[data-pick]").forEach(enhance);
})();
