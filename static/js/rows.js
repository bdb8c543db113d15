/* Entri deret: the table as a grid one can paste into and walk through with the keys.
   Without this file the page is a plain form; with it the rows live here and are sent as one field.
   What is typed is kept in sessionStorage for a lost session, never an identity number. */
(function () {
  "use strict";
  const form = document.getElementById("deret");
  const source = document.getElementById("deret-data");
  if (!form || !source) return;
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const table = document.getElementById("deret-isi");
  const body = table.tBodies[0];
  const columns = new Map(data.columns.map((column) => [column.key, column]));
  const live = document.getElementById("kabar");
  const phone = window.matchMedia("(max-width: 48rem)");
  const KEY = "deret:" + data.user;
  const LONG_DIGITS = /\d(?:[ .\-]?\d){14,16}/;
  const BLANK_ROWS = 8;
  const KEEP_UNDO = 50;
  const OPEN_WRONG = 6; // on a phone so many wrong rows stand open at once

  const state = { rows: [], shown: data.shown.slice(), at: null, range: null, undo: [], typed: false };
  let leaving = false;
  let forget = false;

  const say = (text) => (live.textContent = text);
  const fill = (text, number) => text.replace("%d", number).replace("%s", number);
  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    Object.entries(properties || {}).forEach(([name, value]) => {
      if (value === undefined || value === null || value === false) return;
      if (name === "text") element.textContent = value;
      else if (name === "css") element.className = value;
      else element.setAttribute(name, value === true ? "" : value);
    });
    element.append(...children.filter(Boolean));
    return element;
  };
  const icon = (name) => {
    const pattern = document.querySelector(`#deret svg.icon use[href$="#${name}"], svg.icon use[href$="#${name}"]`);
    return pattern ? pattern.closest("svg").cloneNode(true) : null;
  };

  /* ---- rows ---- */

  const mint = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16)
        );
  const newRow = (cells) => ({
    uuid: mint(),
    cells: Object.assign({}, data.kept, cells),
    errors: {},
    notes: {},
    warnings: [],
    sign: "",
    anyway: false,
    saved: "",
    nik4: "",
  });
  const isBlank = (row) =>
    !Object.keys(row.cells).some((key) => !data.keptKeys.includes(key) && row.cells[key].trim() !== "");
  const filled = () => state.rows.filter((row) => !isBlank(row));
  const indexOf = (uuid) => state.rows.findIndex((row) => row.uuid === uuid);
  const cellId = (row, key) => `s-${row.uuid}-${key}`;

  function roomAtTheEnd(rows) {
    const wanted = phone.matches ? 1 : BLANK_ROWS;
    while (state.rows.length < wanted || !isBlank(state.rows[state.rows.length - 1])) {
      if (state.rows.length >= data.most) break;
      state.rows.push(newRow());
      if (rows) rows.push(state.rows[state.rows.length - 1].uuid);
    }
  }

  /* ---- drawing ---- */

  function drawHead() {
    const head = table.tHead.rows[0];
    const first = head.cells[0];
    head.replaceChildren(
      first,
      ...state.shown.map((key) => {
        const column = columns.get(key);
        return make(
          "th",
          { scope: "col", css: "w-" + column.width, text: column.label },
          column.required && make("span", { css: "clay", "aria-hidden": "true", text: " *" }),
          column.help && make("small", { text: column.help })
        );
      })
    );
  }

  function draw() {
    const parts = [];
    state.fewWrong = state.rows.filter((row) => Object.keys(row.errors).length).length <= OPEN_WRONG;
    state.rows.forEach((row, index) => parts.push(...rowNodes(row, index)));
    body.replaceChildren(...parts);
    drawHead();
    count();
    keepSoon();
  }

  function rowNodes(row, index) {
    const wrong = Object.keys(row.errors).length;
    const head = make(
      "button",
      { type: "button", css: "deret-open", tabindex: phone.matches ? "0" : "-1", "data-row": row.uuid },
      make("span", { css: "visually-hidden", text: words.row + " " }),
      make("span", { css: "deret-no", text: index + 1 }),
      make("span", { css: "deret-name", text: title(row) }),
      icon("down")
    );
    const open = (wrong && state.fewWrong) || row.uuid === (state.at && state.at.uuid) || (!state.at && index === firstOpen());
    const tr = make(
      "tr",
      { id: "r-" + row.uuid, css: (wrong ? "wrong " : row.warnings.length ? "alike " : "") + (open ? "open" : "") },
      make("th", { scope: "row", css: "deret-head" }, head),
      ...state.shown.map((key) => cellNode(row, key, index))
    );
    if (phone.matches) head.setAttribute("aria-expanded", String(!!open));
    const more = moreNode(row, index);
    return more ? [tr, more] : [tr];
  }

  const firstOpen = () => Math.max(0, state.rows.findIndex(isBlank));
  const title = (row) => {
    const wrong = Object.keys(row.errors).length;
    const name = (row.cells.name || "").trim() || (isBlank(row) ? words.empty : words.unnamed);
    return wrong ? `${name} · ${wrong} ${words.wrong}` : name;
  };

  function cellNode(row, key, index) {
    const column = columns.get(key);
    const id = cellId(row, key);
    const kept = key === "nik" && row.nik4 && !row.errors.nik ? `•••• ${row.nik4}` : "";
    const message = row.errors[key] || row.notes[key] || (kept && words.stored) || "";
    const label = make("label", { for: id, text: column.label });
    label.append(make("span", { css: "visually-hidden", text: ` ${words.row} ${index + 1}` }));
    const input = make("input", {
      id: id,
      css: "form-control" + (row.errors[key] ? " is-invalid" : ""),
      inputmode: column.mode,
      autocomplete: "off",
      spellcheck: "false",
      list: column.list || undefined,
      placeholder: kept || undefined,
      "aria-invalid": row.errors[key] ? "true" : undefined,
      "aria-describedby": message ? id + "-p" : undefined,
      "data-row": row.uuid,
      "data-key": key,
    });
    input.value = row.cells[key] || "";
    return make(
      "td",
      { css: "w-" + column.width },
      label,
      input,
      message && make("span", { css: sayCss(row, key), id: id + "-p", text: message })
    );
  }

  const sayCss = (row, key) =>
    row.errors[key] ? "deret-say deret-bad" : row.notes[key] ? "deret-say" : "visually-hidden";

  function moreNode(row, index) {
    if (!row.warnings.length && !row.saved) return null;
    const box = make("div");
    if (row.saved) box.append(make("span", { css: "me-3", text: row.saved }));
    if (row.warnings.length) {
      box.append(make("strong", { text: words.alike + ": " }));
      row.warnings.forEach((warning, n) => {
        if (n) box.append(", ");
        const other = warning.row === null ? null : `${warning.name}, ${words.sameAsRow} ${warning.row + 1}`;
        box.append(
          warning.url
            ? make("a", { href: warning.url, target: "_blank", rel: "noopener", text: warning.name })
            : make("span", { text: other || warning.name }),
          ` (${warning.text})`
        );
      });
      const id = "t-" + row.uuid;
      const tick = make("input", { type: "checkbox", css: "form-check-input", id: id, "data-tick": row.uuid });
      tick.checked = row.anyway;
      const label = make("label", { for: id, text: words.anyway });
      label.append(make("span", { css: "visually-hidden", text: ` ${words.row} ${index + 1}` }));
      box.append(make("span", { css: "form-check d-inline-block ms-3 mb-0" }, tick, label));
    }
    return make(
      "tr",
      { css: "deret-more" + (row.warnings.length ? "" : " only-saved") },
      make("td"),
      make("td", { colspan: state.shown.length }, box)
    );
  }

  function count() {
    const number = filled().length;
    document.getElementById("deret-jumlah").textContent = number ? fill(words.count, number) : "";
  }

  function cellAt(uuid, key) {
    return document.getElementById(`s-${uuid}-${key}`);
  }

  function go(index, key, select) {
    const row = state.rows[index];
    if (!row) return;
    openRow(row.uuid);
    const input = cellAt(row.uuid, key);
    if (!input) return;
    input.focus();
    if (select !== false) input.select();
  }

  function openRow(uuid, toggle) {
    const tr = document.getElementById("r-" + uuid);
    if (!tr) return;
    tr.classList.toggle("open", toggle === undefined ? true : toggle);
    if (phone.matches) tr.querySelector(".deret-open").setAttribute("aria-expanded", String(tr.classList.contains("open")));
  }

  /* ---- acts that can be undone ---- */

  function act() {
    const step = { cells: [], added: [], removed: [], shown: state.shown.slice() };
    state.undo.push(step);
    if (state.undo.length > KEEP_UNDO) state.undo.shift();
    state.typed = false;
    return step;
  }

  function put(step, row, key, value) {
    const text = String(value).replace(/\s*[\r\n]+\s*/g, " ").trim();
    if ((row.cells[key] || "") === text) return;
    step.cells.push([row.uuid, key, row.cells[key] || ""]);
    row.cells[key] = text;
    delete row.errors[key];
    delete row.notes[key];
  }

  function undo() {
    const step = state.undo.pop();
    if (!step) return say(words.nothingToUndo);
    step.cells.reverse().forEach(([uuid, key, old]) => {
      const row = state.rows[indexOf(uuid)];
      if (row) row.cells[key] = old;
    });
    state.rows = state.rows.filter((row) => !step.added.includes(row.uuid) || !isBlank(row));
    step.removed.forEach(([index, row]) => state.rows.splice(index, 0, row));
    showColumns(step.shown, false);
    roomAtTheEnd();
    redraw();
    state.typed = false;
    say(words.undone);
  }

  function redraw() {
    const at = state.at;
    draw();
    if (at && indexOf(at.uuid) >= 0 && state.shown.includes(at.key)) go(indexOf(at.uuid), at.key);
    else if (at) go(Math.min(at.index || 0, state.rows.length - 1), state.shown.includes(at.key) ? at.key : state.shown[0]);
  }

  function current() {
    const index = state.at ? indexOf(state.at.uuid) : -1;
    return index >= 0 ? { index: index, key: state.at.key } : { index: firstOpen(), key: state.shown[0] };
  }

  function fillDown() {
    const { index, key } = current();
    const top = (state.rows[index].cells[key] || "").trim();
    const last = state.rows.reduce((found, row, n) => (isBlank(row) ? found : n), -1);
    const targets = state.rows.slice(index + 1, last + 1).filter((row) => !(row.cells[key] || "").trim());
    if (!top || !targets.length) {
      say(words.nothingToFill);
      return go(index, key);
    }
    const step = act();
    targets.forEach((row) => put(step, row, key, top));
    redraw();
    say(fill(words.filled, targets.length));
  }

  function copyDown() {
    const { index, key } = current();
    const range = state.range && state.range.key === key ? ends() : null;
    const from = range ? range[0] : index - 1;
    const targets = range ? state.rows.slice(range[0] + 1, range[1] + 1) : [state.rows[index]];
    if (from < 0 || !targets.length) return;
    const step = act();
    targets.forEach((row) => put(step, row, key, state.rows[from].cells[key] || ""));
    roomAtTheEnd(step.added);
    redraw();
    say(fill(words.filled, targets.length));
  }

  function insert() {
    if (state.rows.length >= data.most) return say(fill(words.tooMany, data.most));
    const { index, key } = current();
    const step = act();
    const row = newRow();
    state.rows.splice(index + 1, 0, row);
    step.added.push(row.uuid);
    state.at = { uuid: row.uuid, key: key };
    redraw();
    say(words.added);
  }

  function remove() {
    const { index, key } = current();
    const step = act();
    step.removed.push([index, state.rows[index]]);
    state.rows.splice(index, 1);
    roomAtTheEnd();
    const next = state.rows[Math.min(index, state.rows.length - 1)];
    state.at = { uuid: next.uuid, key: key };
    redraw();
    say(words.removed);
  }

  /* ---- a range in one column ---- */

  function ends() {
    const a = indexOf(state.range.from);
    const b = indexOf(state.range.to);
    return [Math.min(a, b), Math.max(a, b)];
  }

  function mark() {
    table.querySelectorAll(".in-range").forEach((cell) => cell.classList.remove("in-range"));
    if (!state.range) return;
    const [low, high] = ends();
    for (let n = low; n <= high; n += 1) cellAt(state.rows[n].uuid, state.range.key)?.parentNode.classList.add("in-range");
  }

  function extend(by) {
    const { index, key } = current();
    if (!state.range || state.range.key !== key) state.range = { key: key, from: state.rows[index].uuid, to: state.rows[index].uuid };
    const to = Math.min(Math.max(indexOf(state.range.to) + by, 0), state.rows.length - 1);
    state.range.to = state.rows[to].uuid;
    mark();
  }

  /* ---- pasting ---- */

  /* Lines with tabs; a cell with a line break or a quote in it stands in quotes. */
  function parse(text) {
    const rows = [];
    let row = [];
    let cell = "";
    let at = 0;
    const clean = text.replace(/\r\n?/g, "\n");
    const closed = /"(?:[^"]|"")*"(?=[\t\n]|$)/y;
    const endCell = () => {
      row.push(cell.replace(/\s+/g, " ").trim());
      cell = "";
    };
    while (at < clean.length) {
      const c = clean[at];
      if (c === '"' && cell === "") {
        closed.lastIndex = at;
        const found = closed.exec(clean);
        if (found) {
          cell = found[0].slice(1, -1).replaceAll('""', '"') || " ";
          at += found[0].length;
          continue;
        }
      }
      if (c === "\t") endCell();
      else if (c === "\n") {
        endCell();
        rows.push(row);
        row = [];
      } else cell += c;
      at += 1;
    }
    endCell();
    rows.push(row);
    return rows.filter((cells) => cells.some((text) => text !== ""));
  }

  const mayBeHeader = (rows) =>
    rows.slice(0, 6).some((row) => row.filter((text) => text && !/\d/.test(text)).length >= 2);

  async function columnsOf(rows) {
    if (rows.length < 2 || !mayBeHeader(rows)) return { header: false };
    const sent = new URLSearchParams({ rows: JSON.stringify(rows) });
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 8000);
    try {
      const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(data.url, { method: "POST", headers: { "X-CSRFToken": token }, body: sent, signal: stop.signal });
      if (!answer.ok || answer.redirected) throw new Error("no answer");
      return await answer.json();
    } catch {
      return { header: false, offline: true };
    } finally {
      clearTimeout(timer);
    }
  }

  async function paste(text, uuid, key) {
    const rows = parse(text);
    if (!rows.length) return;
    const found = await columnsOf(rows);
    const told = [];
    const start = Math.max(0, indexOf(uuid));
    const coming = found.header ? found.rows : rows;
    if (start + coming.length > data.most) return warn(fill(words.tooMany, data.most));
    const step = act();
    if (found.header) {
      const used = new Set(found.rows.flatMap((row) => Object.keys(row)));
      showColumns(data.columns.map((c) => c.key).filter((k) => state.shown.includes(k) || used.has(k)), false);
      if (found.unused && found.unused.length) told.push(fill(words.unused, found.unused.join(", ")));
    } else {
      const room = state.shown.length - state.shown.indexOf(key);
      const over = Math.max(...rows.map((row) => row.length)) - room;
      if (over > 0) told.push(fill(words.tooWide, over));
      if (found.offline) told.push(words.offline);
    }
    coming.forEach((cells, n) => {
      let row = state.rows[start + n];
      if (!row) {
        row = newRow();
        state.rows.push(row);
        step.added.push(row.uuid);
      }
      if (found.header) Object.entries(cells).forEach(([name, value]) => put(step, row, name, value));
      else
        cells.forEach((value, m) => {
          const name = state.shown[state.shown.indexOf(key) + m];
          if (name) put(step, row, name, value);
        });
    });
    state.at = { uuid: state.rows[start].uuid, key: state.shown.includes(key) ? key : state.shown[0] };
    roomAtTheEnd(step.added);
    redraw();
    const said = fill(found.header ? words.byHeader : words.pasted, coming.length);
    if (told.length) warn([said, ...told].join(" "));
    else say(said);
  }

  function warn(text) {
    const place = document.getElementById("deret-pulih");
    place.hidden = false;
    place.className = "notice notice-warn mb-3";
    place.textContent = text;
  }

  /* ---- columns ---- */

  function showColumns(keys, redrawn) {
    state.shown = data.columns.map((column) => column.key).filter((key) => keys.includes(key) || columns.get(key).required);
    form.querySelectorAll("input[name=kolom]").forEach((box) => (box.checked = state.shown.includes(box.value)));
    if (redrawn !== false) draw();
  }

  /* ---- keeping it for a lost session ---- */

  let timer = 0;
  function keepSoon() {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  }

  function keep() {
    if (forget) return;
    try {
      const rows = filled().map((row) => {
        const cells = {};
        Object.entries(row.cells).forEach(([key, text]) => {
          if (key !== "nik" && text && !LONG_DIGITS.test(text)) cells[key] = text;
        });
        return { uuid: row.uuid, cells: cells, nik: !!row.cells.nik, saved: row.saved, sign: row.anyway ? row.sign : "" };
      });
      if (rows.length) sessionStorage.setItem(KEY, JSON.stringify({ rows: rows, shown: state.shown }));
      else sessionStorage.removeItem(KEY);
    } catch {
      /* full or not allowed: the page still works */
    }
  }

  function kept() {
    try {
      Object.keys(sessionStorage).forEach((key) => {
        if (key.startsWith("deret:") && key !== KEY) sessionStorage.removeItem(key);
      });
      const found = JSON.parse(sessionStorage.getItem(KEY) || "null");
      return found && Array.isArray(found.rows) ? found : null;
    } catch {
      return null;
    }
  }

  /* ---- what people do ---- */

  const cellOf = (event) => (event.target.matches && event.target.matches("input[data-key]") ? event.target : null);

  body.addEventListener("focusin", (event) => {
    const input = cellOf(event);
    if (!input) return;
    const index = indexOf(input.dataset.row);
    state.at = { uuid: input.dataset.row, key: input.dataset.key, index: index };
    input.dataset.began = input.value;
    openRow(input.dataset.row);
    if (state.range && (state.range.key !== input.dataset.key || state.range.from !== input.dataset.row)) {
      state.range = null;
      mark();
    }
  });

  body.addEventListener("input", (event) => {
    const input = cellOf(event);
    if (!input) return;
    const row = state.rows[indexOf(input.dataset.row)];
    row.cells[input.dataset.key] = input.value;
    state.typed = true;
    if (row.errors[input.dataset.key] || row.notes[input.dataset.key]) settle(row, input);
    const name = input.closest("tr").querySelector(".deret-name");
    if (name) name.textContent = title(row);
    if (row === state.rows[state.rows.length - 1] && !isBlank(row) && state.rows.length < data.most) {
      const next = newRow();
      state.rows.push(next);
      body.append(...rowNodes(next, state.rows.length - 1));
    }
    count();
    keepSoon();
  });

  /* A message speaks of what stood there: it goes as soon as that changes. */
  function settle(row, input) {
    delete row.errors[input.dataset.key];
    delete row.notes[input.dataset.key];
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    document.getElementById(input.id + "-p")?.remove();
    if (!Object.keys(row.errors).length) input.closest("tr").classList.remove("wrong");
  }

  body.addEventListener("change", (event) => {
    const tick = event.target;
    if (!tick.dataset.tick) return;
    state.rows[indexOf(tick.dataset.tick)].anyway = tick.checked;
    keepSoon();
  });

  body.addEventListener("click", (event) => {
    const head = event.target.closest(".deret-open");
    if (!head) return;
    const tr = head.closest("tr");
    if (phone.matches) openRow(head.dataset.row, !tr.classList.contains("open"));
    else go(indexOf(head.dataset.row), state.shown[0]);
  });

  body.addEventListener("paste", (event) => {
    const input = cellOf(event);
    const text = input && event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return; // one plain cell: as anywhere
    event.preventDefault();
    paste(text, input.dataset.row, input.dataset.key);
  });

  body.addEventListener("keydown", (event) => {
    const input = cellOf(event);
    if (!input || event.isComposing) return;
    const index = indexOf(input.dataset.row);
    const key = input.dataset.key;
    const at = state.shown.indexOf(key);
    const ctrl = event.ctrlKey || event.metaKey;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const edge = (end) => whole || (input.selectionStart === input.selectionEnd && input.selectionStart === (end ? input.value.length : 0));
    const choosing = input.hasAttribute("list") && input.value !== input.dataset.began;
    const done = () => event.preventDefault();
    if (ctrl && !event.altKey && event.key.toLowerCase() === "d") {
      done();
      copyDown();
    } else if (ctrl && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "z") {
      if (state.undo.length && !state.typed) {
        done();
        undo();
      }
    } else if (event.altKey && event.key === "Enter") {
      done();
      insert();
    } else if (event.altKey && (event.key === "Delete" || event.key === "Backspace")) {
      done();
      remove();
    } else if (ctrl || event.altKey) {
      return;
    } else if (event.key === "Enter") {
      done();
      const next = () => go(Math.max(0, index + (event.shiftKey ? -1 : 1)), key);
      if (choosing) setTimeout(next, 0); // the list of choices takes this key first
      else next();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (event.shiftKey) {
        done();
        extend(by);
      } else if (!choosing) {
        done();
        go(index + by, key);
      }
    } else if (event.key === "ArrowLeft" && !event.shiftKey && edge(false) && at > 0) {
      done();
      go(index, state.shown[at - 1]);
    } else if (event.key === "ArrowRight" && !event.shiftKey && edge(true) && at < state.shown.length - 1) {
      done();
      go(index, state.shown[at + 1]);
    } else if (event.key === "Delete" && state.range && state.range.key === key) {
      done();
      const [low, high] = ends();
      const step = act();
      state.rows.slice(low, high + 1).forEach((row) => put(step, row, key, ""));
      redraw();
    } else if (event.key === "Escape") {
      done();
      if (state.range) {
        state.range = null;
        mark();
      } else form.querySelector(".deret-tools [data-act]").focus();
    }
  });

  const acts = { fill: fillDown, insert: insert, remove: remove, undo: undo };
  form.querySelectorAll("[data-act]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => acts[button.dataset.act]());
  });

  form.querySelectorAll("input[name=kolom]").forEach((box) =>
    box.addEventListener("change", () => {
      showColumns(Array.from(form.querySelectorAll("input[name=kolom]:checked"), (other) => other.value));
      box.focus();
    })
  );

  form.addEventListener("submit", (event) => {
    const what = event.submitter && event.submitter.value;
    if (what === "block") {
      event.preventDefault();
      const box = document.getElementById("deret-blok");
      const first = state.rows.findIndex((row, n) => isBlank(row) && state.rows.slice(n).every(isBlank));
      const text = box.value;
      box.value = "";
      document.getElementById("deret-tempel").open = false;
      paste(text, state.rows[Math.max(first, 0)].uuid, state.shown[0]);
      return;
    }
    if (leaving) return event.preventDefault();
    const rows = filled().map((row) => ({ uuid: row.uuid, cells: row.cells, anyway: row.anyway ? row.sign : "" }));
    const text = JSON.stringify({ rows: rows, shown: state.shown });
    if (text.length > 1800000) {
      event.preventDefault();
      return warn(words.tooBig);
    }
    keep();
    document.getElementById("deret-grid").value = text;
    leaving = true;
    form.classList.add("busy");
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
  });
  window.addEventListener("pagehide", keep);
  phone.addEventListener("change", () => draw());

  /* Signing out in any tab empties what this one kept, and nothing is kept after it. */
  document.addEventListener("submit", (event) => {
    if (/\/keluar\/$/.test(event.target.getAttribute("action") || "")) forget = true;
  });
  if (window.BroadcastChannel) {
    new BroadcastChannel("umkm-keluar").addEventListener("message", () => {
      forget = true;
      try {
        sessionStorage.removeItem(KEY);
      } catch {
        /* nothing kept */
      }
    });
  }

  /* A link of the summary opens its row on a phone and lands in the cell. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#s-"]');
    const input = link && document.getElementById(link.hash.slice(1));
    if (!input) return;
    event.preventDefault();
    openRow(input.dataset.row);
    input.focus();
    input.select();
  });

  /* ---- beginning ---- */

  const before = kept();
  if (data.answered) {
    state.rows = data.rows.map((row) => Object.assign(newRow(), row));
  } else if (before) {
    const rows = before.rows.filter((row) => row && row.uuid && row.cells && !data.arrived.includes(row.uuid));
    state.rows = rows.map((row) =>
      Object.assign(newRow(), {
        uuid: row.uuid,
        cells: Object.assign({}, row.cells),
        saved: row.saved || "",
        nik4: data.numbers[row.uuid] || "",
      })
    );
    if (rows.length) {
      showColumns(before.shown || state.shown, false);
      const missing = rows.some((row) => row.nik && !data.numbers[row.uuid]);
      warn(words.restored + (missing ? " " + words.again : ""));
    }
  }
  roomAtTheEnd();
  draw();
  if (data.focus) {
    const target = document.getElementById(data.focus);
    if (target) {
      if (target.dataset.row) openRow(target.dataset.row);
      target.focus();
      if (target.select) target.select();
    }
  }
})();
