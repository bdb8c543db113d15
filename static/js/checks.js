/* "Masih aktif?": an RW on foot, one business after the other under the thumb, with or without signal.

   Names come from the phone (Outbox.names), answers go into the outbox (kind "check"). Which businesses were
   answered in the last days is remembered here by their uuid alone, so that nobody is asked twice. */
(function () {
  "use strict";
  const root = document.querySelector("[data-walk]");
  if (!root || new URLSearchParams(location.search).has("biasa")) return;
  const find = (selector, from) => (from || root).querySelector(selector);
  const all = (selector) => Array.from(root.querySelectorAll(selector));
  const word = (name, n) => OutboxPage.word(name, n);
  const DAY = 86400000;
  const STALE = 180; /* days; the same as registry/businesses/filters.py */
  const LATELY = 7; /* days */
  const SEND_AFTER = 2500; /* milliseconds: quick answers go together; the service worker may be quicker */
  const ON_ITS_WAY = 20000; /* milliseconds to wait for an answer that is just being sent */
  const state = { me: null, code: "", names: [], rw: null, queue: [], at: 0, told: 0, last: null, timer: 0 };

  /* ---- what was answered lately: uuids and days, nothing of anybody ---- */
  const memory = () => `umkm-cek:${state.me.user}`;
  function remembered() {
    try {
      const found = JSON.parse(localStorage.getItem(memory()) || "{}");
      return Object.fromEntries(Object.entries(found).filter(([, at]) => Date.now() - at < LATELY * DAY));
    } catch {
      return {};
    }
  }
  function remember(business, answered) {
    const found = remembered();
    if (answered) found[business] = Date.now();
    else delete found[business];
    try {
      localStorage.setItem(memory(), JSON.stringify(found));
    } catch {
      /* then it is asked again after a reload */
    }
  }

  const daysSince = (day) => (day ? Math.floor((Date.now() - new Date(`${day}T00:00:00+07:00`)) / DAY) : null);
  const isStale = (each) => each.confirmed_on === null || daysSince(each.confirmed_on) > STALE;
  const wanted = (each) => (find("[name=siapa]:checked").value === "all" ? daysSince(each.confirmed_on) === null || daysSince(each.confirmed_on) >= LATELY : isStale(each));

  function show(name) {
    all("[data-view]").forEach((view) => (view.hidden = view.dataset.view !== name));
    document.body.classList.toggle("walking", name === "ask");
  }

  /* ---- choosing ---- */
  async function load(code) {
    state.code = code;
    const found = await Outbox.names(code).catch(() => null);
    state.names = found ? found.names.filter((each) => each.state !== "closed") : [];
    find("[data-names-told]").textContent = !found ? word("names-none") : state.names.length ? "" : word("names-empty");
    choose();
  }

  function choose() {
    state.rw = null;
    const lately = remembered();
    const groups = new Map();
    state.names.forEach((each) => {
      const key = each.rw || 0;
      if (!groups.has(key)) groups.set(key, { total: 0, ask: 0 });
      groups.get(key).total += 1;
      if (wanted(each) && !lately[each.uuid]) groups.get(key).ask += 1;
    });
    const rows = Array.from(groups).sort((a, b) => (a[0] || 9999) - (b[0] || 9999));
    find("[data-rws]").replaceChildren(
      ...rows.map(([rw, counts]) => {
        const piece = find("#baris-rw").content.firstElementChild.cloneNode(true);
        find("[data-rw]", piece).textContent = rw ? `RW ${rw}` : word("no-rw");
        const told = counts.ask ? word("to-ask", counts.ask) : word("none-to-ask");
        find("[data-count]", piece).textContent = `${told} · ${word("in-all", counts.total)}`;
        find("button", piece).disabled = !counts.ask;
        find("button", piece).addEventListener("click", () => begin(rw));
        return piece;
      }),
    );
    show("choose");
  }

  /* ---- walking ---- */
  function begin(rw) {
    const lately = remembered();
    state.rw = rw;
    state.queue = state.names.filter((each) => (each.rw || 0) === rw && wanted(each) && !lately[each.uuid]);
    Object.assign(state, { at: 0, told: 0, last: null, ahead: state.queue.length });
    ask();
  }

  function sinceWords(each) {
    const days = daysSince(each.confirmed_on);
    return days === null ? word("never") : days <= 0 ? word("today") : word("days", days);
  }

  function ask() {
    const each = state.queue[state.at];
    const last = state.last;
    find("[data-last]").hidden = !last;
    find("[data-undo-done]").hidden = !last;
    if (last) find("[data-last-told]").textContent = `${last.each.name}: ${word(`answer-${last.answer}`)}`;
    if (!each) return done();
    find("[data-where]").textContent = `${state.rw ? `RW ${state.rw}` : word("no-rw")} · ${Math.min(state.told + 1, state.ahead)}/${state.ahead}`;
    const bar = find("[data-progress]");
    bar.max = state.ahead;
    bar.value = state.told;
    find("[data-name]").textContent = each.name;
    find("[data-place]").textContent = [each.rt ? `RT ${each.rt}` : "", each.rw ? `RW ${each.rw}` : ""].filter(Boolean).join(" ");
    const since = find("[data-since]");
    const stale = isStale(each);
    since.className = stale ? "mb-0 clay" : "mb-0 text-body-secondary";
    const mark = document.getElementById("kata-kotak").content.querySelector('[data-word="stale"]');
    since.replaceChildren(...(stale && mark ? Array.from(mark.cloneNode(true).childNodes) : []), ` ${sinceWords(each)}`);
    const recorded = find("[data-state]");
    recorded.textContent = word(`state-${each.state}`);
    recorded.hidden = !recorded.textContent;
    show("ask");
    find("[data-name]").focus({ preventScroll: true });
    return undefined;
  }

  function done() {
    find("[data-done-told]").textContent = `${state.rw ? `RW ${state.rw}` : word("no-rw")}: ${word("done")}`;
    find("[data-done-kept]").textContent = word("done-count", state.told);
    show("done");
    find("[data-done-told]").focus({ preventScroll: true });
  }

  async function answer(value) {
    const each = state.queue[state.at];
    if (!each || state.busy) return;
    state.busy = true;
    try {
      const kept = await Outbox.put("check", { business: each.uuid, answer: value }, { title: `${each.name}: ${word(`answer-${value}`)}` });
      remember(each.uuid, true);
      state.last = { uuid: kept.uuid, each: each, answer: value };
      state.queue.splice(state.at, 1);
      state.told += 1;
      OutboxPage.tell("");
      sendSoon();
      ask();
    } catch (error) {
      OutboxPage.tell(word(error.code === "full" ? "full" : error.code === "nobody" ? "run-nobody" : "store"), true);
    } finally {
      state.busy = false;
    }
  }

  function skip() {
    if (state.queue.length < 2) return;
    state.queue.push(state.queue.splice(state.at, 1)[0]);
    ask();
  }

  function sendSoon() {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => OutboxPage.sendNow(), SEND_AFTER);
  }

  /* ---- undo: from the phone while it lies there, else at the portal ---- */
  async function undo() {
    const last = state.last;
    if (!last || state.busy) return;
    state.busy = true;
    clearTimeout(state.timer);
    try {
      if (!(await dropped(last.uuid))) {
        const problem = await takeBack(last.uuid);
        if (problem) return OutboxPage.tell(word(problem), true);
      }
      remember(last.each.uuid, false);
      state.queue.splice(state.at, 0, last.each);
      state.told -= 1;
      state.last = null;
      OutboxPage.tell("");
      ask();
    } finally {
      state.busy = false;
      sendSoon();
    }
    return undefined;
  }

  /* Thrown away before it left? Not while it is being sent: the portal knows it only when that is over. */
  async function dropped(uuid) {
    for (let n = 0; n < 2; n += 1) {
      if ((await Outbox.settled(uuid, 0)) === "sending") OutboxPage.tell(word("run-busy"));
      await Outbox.settled(uuid, ON_ITS_WAY);
      const item = (await Outbox.items()).find((each) => each.uuid === uuid);
      if (!item || !(item.editable || item.state === "refused")) return false;
      if (await Outbox.drop(uuid)) return true;
    }
    return false;
  }

  async function takeBack(uuid) {
    const session = await Outbox.ask();
    if (!session || !session.user) return "undo-offline";
    try {
      const response = await fetch(`/api/v1/checks/${uuid}/take-back/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "If-Match": "*", "X-CSRFToken": session.csrf },
        body: "{}",
      });
      return response.ok ? "" : "undo-refused";
    } catch {
      return "undo-offline";
    }
  }

  /* What the banners say, in the few words there is room for while walking. */
  async function left() {
    const waiting = await Outbox.waiting().catch(() => 0);
    const told = [navigator.onLine ? "" : word("offline-here"), waiting ? word("waiting-here", waiting) : ""];
    find("[data-left]").textContent = told.filter(Boolean).join(" · ");
  }

  /* ---- beginning ---- */
  const plain = (shown) => document.querySelectorAll("[data-plain]").forEach((piece) => (piece.hidden = !shown));

  async function start() {
    const usable = window.Outbox && Outbox.usable;
    plain(!usable); /* no flash of the plain form before this one */
    const me = usable ? await OutboxPage.start("check").catch(() => null) : null;
    const posts = me ? me.posts.filter((post) => post.may.includes("check")) : [];
    if (!posts.length) {
      if (!me && "shell" in root.dataset && navigator.onLine) location.replace("?biasa=1");
      plain(true);
      return;
    }
    state.me = me;
    const asked = new URLSearchParams(location.search);
    const select = find("#jalan-kelurahan");
    select.replaceChildren(...posts.map((post) => new Option(post.name, post.code)));
    find("[data-kelurahan]").hidden = posts.length < 2;
    const kept = sessionStorage.getItem("umkm-cek-kelurahan");
    const code = [asked.get("kelurahan"), kept].find((each) => posts.some((post) => post.code === each)) || posts[0].code;
    select.value = code;
    select.addEventListener("change", () => {
      sessionStorage.setItem("umkm-cek-kelurahan", select.value);
      load(select.value);
    });
    all("[name=siapa]").forEach((input) => input.addEventListener("change", choose));
    all("[data-answer]").forEach((button) => button.addEventListener("click", () => answer(button.dataset.answer)));
    all("[data-leave]").forEach((button) => button.addEventListener("click", choose));
    find("[data-skip]").addEventListener("click", skip);
    find("[data-undo]").addEventListener("click", undo);
    find("[data-undo-done]").addEventListener("click", undo);
    document.addEventListener("outbox:changed", left);
    ["online", "offline"].forEach((name) => window.addEventListener(name, left));
    root.hidden = false;
    await load(code);
    const rw = Number(asked.get("rw"));
    if (asked.get("semua") === "1") find("[name=siapa][value=all]").checked = true;
    if (rw && state.names.some((each) => each.rw === rw && wanted(each))) begin(rw);
  }

  start();
})();
