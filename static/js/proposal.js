/* "Catat usulan forum": one line after the other, the forum stays. Without this file the form posts. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-proposal]");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const find = (selector) => document.querySelector(selector);
  const word = (name, n) => OutboxPage.word(name, n);

  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const ready = () => !form.querySelector("details[data-forum]").open && !find("[data-focus]") && field("rw").focus({ preventScroll: true });
  if (!window.Outbox || !Outbox.usable || new URLSearchParams(location.search).has("biasa")) {
    ready();
    return;
  }

  const FORUM = ["forum", "held_on", "place", "kelurahan"];
  const LINE = ["rt", "rw", "need", "text", "name"];
  const SHOWN = 8;
  const AGAIN = 700; /* milliseconds: a tap so soon after the last proposal, with no text yet, is the same one */
  let live = true;
  let editing = "";
  let names = [];
  let timer = 0;
  let logged = 0;
  let busy = false; /* a second tap on the way */
  let savedAt = 0;

  /* ---- the business that was named ---- */
  const called = (row) => (row.twice ? `${row.name} (RW ${row.rw || "?"}${row.rt ? ` RT ${row.rt}` : ""})` : row.name);
  const named = () => names.find((row) => OutboxParts.fold(called(row)) === OutboxParts.fold(field("name").value));

  async function load() {
    const kept = field("kelurahan").value ? await Outbox.names(field("kelurahan").value).catch(() => null) : null;
    const seen = new Map();
    names = kept ? kept.names : [];
    names.forEach((row) => seen.set(row.name, (seen.get(row.name) || 0) + 1));
    names.forEach((row) => (row.twice = seen.get(row.name) > 1));
    find("#usaha-di-sini").replaceChildren(...names.map((row) => new Option("", called(row))));
  }

  function hint() {
    const line = find("[data-name-hint]");
    line.textContent = field("name").value.trim() && names.length && !named() ? word("unlinked") : "";
    line.hidden = !line.textContent;
  }

  /* ---- messages ---- */
  function wrong(name, text) {
    const place = find(`[data-error="${name}"]`) || find('[data-error="text"]');
    place.textContent = text;
    place.hidden = false;
  }

  function mended(name) {
    const place = find(`[data-error="${name}"]`);
    if (place) place.hidden = true;
  }

  /* ---- what is filled in ---- */
  function values() {
    const found = {};
    for (const name of [...FORUM, ...LINE]) found[name] = field(name).value.trim();
    return found;
  }

  function fill(found, wanted) {
    for (const name of wanted) if (found[name] !== undefined && found[name] !== null) field(name).value = found[name];
  }

  function check(found) {
    document.querySelectorAll("[data-error]").forEach((place) => (place.hidden = true));
    const missing = ["forum", "held_on", "kelurahan", "need", "text"].filter((name) => !found[name]);
    missing.forEach((name) => wrong(name, word(`${name}-missing`)));
    const now = new Date();
    const today = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    if (found.held_on > today) {
      wrong("held_on", word("held_on-future"));
      missing.unshift("held_on");
    }
    return missing[0] || "";
  }

  function body(found) {
    const told = { forum: found.forum, held_on: found.held_on, place: found.place, kelurahan: found.kelurahan, need: found.need, text: found.text };
    for (const name of ["rt", "rw"]) told[name] = /^\d{1,3}$/.test(found[name]) && Number(found[name]) ? Number(found[name]) : null;
    const business = named();
    if (business) told.business = business.uuid;
    else if (found.name) told.text = `${found.text}\n(${found.name})`;
    return told;
  }

  const keep = () => editing || Outbox.saveDraft("proposal", values()).catch((problem) => problem.code === "full" && OutboxPage.tell(word("draft-full"), true));

  function touched() {
    clearTimeout(timer);
    timer = setTimeout(keep, 600);
  }

  /* ---- the forum's heading, and what was logged since this page was opened ---- */
  const chosen = (name) => (field(name).value ? field(name).selectedOptions[0].textContent.trim() : "");

  function settle() {
    const day = new Date(`${field("held_on").value}T12:00`);
    const parts = [`${chosen("forum")}, ${day.toLocaleDateString("id-ID", { day: "numeric", month: "long", year: "numeric" })}`, chosen("kelurahan"), field("place").value.trim()];
    find("[data-forum-told]").textContent = parts.filter(Boolean).join(" · ");
    find("details[data-forum]").open = false;
  }

  function show(found) {
    const list = find("[data-logged] ul");
    const line = document.createElement("li");
    const head = document.createElement("strong");
    const text = document.createElement("span");
    const where = [found.rt && `RT ${found.rt.padStart(2, "0")}`, found.rw && `RW ${found.rw.padStart(2, "0")}`].filter(Boolean).join(" ");
    head.textContent = [chosen("need"), where].filter(Boolean).join(" · ");
    text.className = "d-block text-body-secondary text-break";
    text.textContent = found.text.slice(0, 110) + (found.name ? ` · ${found.name}` : "");
    line.append(head, text);
    list.prepend(line);
    while (list.children.length > SHOWN) list.lastElementChild.remove();
    logged += 1;
    find("[data-logged-count]").textContent = logged;
    find("[data-logged]").hidden = false;
  }

  /* ---- keep it ---- */
  async function save() {
    if (busy) return;
    const found = values();
    if (!found.text && Date.now() - savedAt < AGAIN) return;
    const first = check(found);
    if (first) {
      if (FORUM.includes(first)) find("details[data-forum]").open = true;
      field(first).focus();
      return;
    }
    const told = body(found);
    if (editing) told.uuid = editing;
    busy = true;
    try {
      await Outbox.put("proposal", told, { title: `${chosen("need")}: ${found.text.slice(0, 60)}` });
    } catch (problem) {
      OutboxPage.tell(word(problem.code === "full" ? "full" : problem.code === "nobody" ? "run-nobody" : problem.code === "gone" ? "gone" : "store"), true);
      return;
    } finally {
      busy = false;
    }
    savedAt = Date.now();
    show(found);
    settle();
    editing = "";
    const stays = found.forum === "muskelsus" ? ["need", "text", "name"] : LINE;
    stays.forEach((name) => (field(name).value = ""));
    hint();
    clearTimeout(timer);
    keep();
    OutboxPage.tell(word("ready"));
    (stays === LINE ? field("rw") : field("need")).focus();
    const run = await OutboxPage.sendNow();
    if (run.state !== "done") OutboxPage.tell(word(`after-${run.state}`) || word("saved"), run.state === "signed-out");
  }

  async function edit(uuid) {
    const item = await Outbox.take(uuid).catch(() => null);
    if (!item) return;
    editing = uuid;
    fill({ rt: "", rw: "", name: "", place: "" }, [...FORUM, ...LINE]);
    fill(item.body, [...FORUM, ...LINE]);
    await load();
    const business = names.find((row) => row.uuid === item.body.business);
    field("name").value = business ? called(business) : "";
    const problem = (await Outbox.items()).find((each) => each.uuid === uuid);
    if (problem) Object.entries(problem.fields).forEach(([name, text]) => wrong(name, text));
    form.scrollIntoView();
    OutboxPage.tell(word("editing"));
  }

  function other(event) {
    event.preventDefault();
    [...FORUM, ...LINE].forEach((name) => (field(name).value = name === "kelurahan" ? field(name).value : ""));
    find("[data-logged] ul").replaceChildren();
    find("[data-logged]").hidden = true;
    logged = 0;
    find("details[data-forum]").open = true;
    field("forum").focus();
    keep();
  }

  async function begin() {
    logged = Number(find("[data-logged-count]").textContent.replace(/\D/g, "")) || 0;
    const me = await OutboxPage.start("proposal");
    const place = field("kelurahan");
    const mine = me ? me.posts.filter((post) => post.may.includes("proposal")) : [];
    if (mine.length) {
      const before = place.value;
      const rows = mine.map((post) => new Option(post.name, post.code));
      if (mine.length > 1) rows.unshift(new Option(word("choose"), ""));
      place.replaceChildren(...rows);
      place.value = mine.some((post) => post.code === before) ? before : mine.length === 1 ? mine[0].code : "";
    }
    document.querySelectorAll("[data-plain]").forEach((piece) => (piece.hidden = true));
    find("form[data-proposal] [type=submit]").disabled = !me;
    const kept = me && (await Outbox.draft("proposal").catch(() => null));
    if (kept) {
      fill(kept.values, [...FORUM, ...LINE]);
      if (["forum", "held_on", "kelurahan"].every((name) => field(name).value)) settle();
    }
    await load();
    hint();
    ready();
    form.classList.add("is-live");
  }

  field("name").addEventListener("input", hint);
  form.addEventListener("input", (event) => {
    mended(event.target.name);
    if (event.target.name === "kelurahan") load();
    touched();
  });
  find("[data-other-forum]").addEventListener("click", (event) => live && other(event));
  form.addEventListener("submit", (event) => {
    if (!live) return;
    event.preventDefault();
    save();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && live && keep());
  OutboxPage.onEdit = edit;
  begin().catch(() => {
    live = false; /* a browser that keeps nothing: the form posts, as without this file */
  });
})();
