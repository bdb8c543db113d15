/* What a page under /lapor/ shows of the outbox, and when it sends. Words come from #kata-kotak, pieces from
   registry/reports/partials/outbox.html.

     OutboxPage.start("report").then((me) => …)   me as Outbox.open() tells, or null: nobody is known here
     OutboxPage.word("full")                      a word of the page, "" where there is none
     OutboxPage.tell("…", bad)                    one line for eyes and for readers
     OutboxPage.sendNow()                         send, and show what came of it
     OutboxPage.onEdit = (uuid, item) => …        what "Perbaiki" does; without it only "Kirim lagi" is offered

   The page gets the event "outbox:changed" on document after every change. */
(function () {
  "use strict";
  const find = (selector, from) => (from || document).querySelector(selector);
  const words = find("#kata-kotak");
  const word = (name, n) => {
    const found = words && words.content.querySelector(`[data-word="${name}"]`);
    return found ? found.textContent.replace("{n}", n) : "";
  };
  const ASKED = 10; /* times, a second apart: a sign-out on a bad line */
  const state = { me: null, kind: "", timer: 0, retry: 0, drawing: 0, run: "", closed: false };

  /* The theme is a cookie; the shell on the phone was made without it. */
  const theme = /(?:^|;\s*)tema=(dark|light)/.exec(document.cookie);
  if (theme) document.documentElement.dataset.bsTheme = theme[1];

  document.querySelectorAll("[data-field-tabs] a").forEach((link) => {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
  });

  function tell(text, bad) {
    const line = find("[data-told]");
    if (!line) return; /* signed out in another tab */
    line.hidden = !text;
    line.classList.toggle("notice-bad", Boolean(bad));
    line.textContent = text;
  }

  /* ---- banners: no signal, no session, others' items ---- */
  function banners() {
    const me = state.me;
    const show = (name, on) => {
      const piece = find(`[data-banner="${name}"]`);
      if (piece) piece.hidden = !on;
    };
    show("nobody", !me);
    show("signed-out", me && me.signedOut);
    show("offline", !navigator.onLine || state.run === "offline");
    show("others", me && me.others > 0);
    const others = find("[data-others]");
    if (others && me) others.textContent = word("others", me.others);
    show("no-post", me && !me.signedOut && !me.posts.some((post) => post.may.includes(state.kind)));
    document.querySelectorAll("a[data-sign-in]").forEach((link) => {
      link.href = `${link.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    });
  }

  /* ---- the list ---- */
  function button(text, css, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${css}`;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function line(item) {
    const piece = find("#baris-kotak").content.firstElementChild.cloneNode(true);
    const put = (name, text) => {
      const place = find(`[data-${name}]`, piece);
      place.textContent = text;
      place.hidden = !text;
    };
    const stage = item.state === "waiting" && item.told ? "photo" : item.state;
    piece.dataset.state = item.state;
    piece.dataset.uuid = item.uuid;
    put("title", item.title || word(item.kind));
    put("when", new Date(item.at).toLocaleString("id-ID", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }));
    put("problem", item.state === "refused" ? item.problem || word("refused-why") : item.notice);
    find("[data-problem]", piece).classList.toggle("overdue", item.state === "refused");
    const status = find("[data-status]", piece);
    status.replaceWith(find(`[data-status="${stage}"]`, words.content).cloneNode(true));
    const acts = find("[data-acts]", piece);
    if (item.state === "sent" && item.address) {
      const link = document.createElement("a");
      link.className = "btn btn-secondary";
      link.href = item.address;
      link.textContent = word("look");
      acts.append(link);
    }
    if (item.editable && OutboxPage.onEdit && item.kind === state.kind) acts.append(button(word("edit"), "btn-secondary", () => OutboxPage.onEdit(item.uuid)));
    if (item.state === "refused") acts.append(button(word("again"), "btn-secondary", () => Outbox.again(item.uuid).then(sendNow)));
    if (item.state === "refused" || item.editable) {
      const text = item.told ? word("drop-photo") : word("drop");
      acts.append(button(text, "btn-quiet", () => window.confirm(word(item.told ? "drop-photo-sure" : "drop-sure")) && Outbox.drop(item.uuid)));
    }
    return piece;
  }

  async function draw() {
    if (state.closed) return;
    const items = state.me ? await Outbox.items() : [];
    const waiting = items.filter((item) => item.state !== "sent").length;
    const box = find("[data-box]");
    if (!box) return;
    box.hidden = !items.length;
    find("[data-items]", box).replaceChildren(...items.map(line));
    find("[data-box-count]", box).textContent = waiting ? word("count", waiting) : word("all-sent");
    find("[data-send]", box).hidden = !waiting;
    const top = find("[data-waiting]");
    if (top) {
      top.hidden = !waiting;
      find("[data-waiting-count]", top).textContent = word("count", waiting);
    }
    banners();
  }

  /* Several changes in a row are drawn once. */
  function redraw() {
    clearTimeout(state.drawing);
    state.drawing = setTimeout(() => {
      draw().catch(() => {});
      document.dispatchEvent(new CustomEvent("outbox:changed"));
    }, 30);
  }

  /* ---- when to send ---- */
  async function sendNow() {
    clearTimeout(state.timer);
    if (state.closed) return { state: "nobody" };
    const before = state.run;
    const run = await Outbox.send().catch(() => ({ state: "offline" }));
    state.run = run.state;
    if (run.state === "signed-out" || run.state === "done" || before !== run.state) state.me = await Outbox.open().catch(() => state.me);
    redraw();
    if (run.sent && !run.left) tell(word("run-done"));
    if (run.state === "offline" || run.state === "later" || run.state === "busy") {
      state.retry = Math.min(state.retry + 1, 8);
      state.timer = setTimeout(() => sendIfAny(), 8000 * state.retry);
    } else state.retry = 0;
    return run;
  }

  async function sendIfAny() {
    if (await Outbox.waiting().catch(() => 0)) return sendNow();
    redraw();
    return null;
  }

  function listen() {
    window.addEventListener("online", () => {
      state.retry = 0;
      state.run = "";
      sendIfAny();
    });
    window.addEventListener("offline", redraw);
    document.addEventListener("visibilitychange", () => !document.hidden && sendIfAny());
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-send]")) sendNow().then((run) => tell(word(`run-${run.state}`), run.state !== "done" && run.state !== "busy"));
    });
    Outbox.on(async (what) => {
      if (what === "closed") return signedOutElsewhere();
      if (what === "user" || what === "signed-out") state.me = await Outbox.open().catch(() => null);
      return redraw();
    });
  }

  /* Another tab signs out: nothing stays on the screen at once, and the page begins anew when the portal has
     heard of it. Before that it would be told the key and the names of who just left. */
  async function signedOutElsewhere() {
    if (state.closed) return;
    state.closed = true;
    clearTimeout(state.timer);
    find("main").replaceChildren();
    for (let n = 0; n < ASKED; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const answer = await Outbox.ask().catch(() => null);
      if (answer && !answer.user) break;
    }
    location.reload();
  }

  async function start(kind) {
    state.kind = kind;
    if (!window.Outbox || !Outbox.usable) return null;
    if (navigator.serviceWorker) navigator.serviceWorker.register("/lapor/sw.js", { scope: "/lapor/" }).catch(() => {});
    state.me = await Outbox.open();
    listen();
    await draw();
    sendIfAny();
    return state.me;
  }

  const OutboxPage = (window.OutboxPage = { start, word, tell, sendNow, redraw, onEdit: null, me: () => state.me });
})();
