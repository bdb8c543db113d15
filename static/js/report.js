/* "Perlu didatangi": one business, one need, from the lane. Without this file the form posts. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-report]");
  if (!form || !window.Outbox || !Outbox.usable || new URLSearchParams(location.search).has("biasa")) return;
  const find = (selector) => form.querySelector(selector);
  const all = (selector) => Array.from(form.querySelectorAll(selector));
  const word = (name, n) => OutboxPage.word(name, n);
  const TYPED = ["told_name", "told_place", "rt", "rw", "note", "kelurahan", "latitude", "longitude", "accuracy_m"];
  const NUMBERS = ["rt", "rw", "accuracy_m"];
  const AGAIN = 700; /* milliseconds: a tap so soon after the last report, on an empty form, is the same one */
  let live = true;
  let editing = ""; /* uuid of the item being mended */
  let photo = null;
  let chosen = null; /* the business picked: {uuid, name, rt, rw} */
  let names = [];
  let home = ""; /* the kelurahan a new report begins with */
  let timer = 0;
  let busy = false; /* a second tap on the way */
  let savedAt = 0;

  /* ---- the business: typed, then picked ---- */
  const input = find("[name=told_name]");
  const list = find("[data-matches]");

  function option(row) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const where = document.createElement("span");
    button.type = "button";
    button.className = "pick-name";
    button.append(row.name, where);
    where.textContent = [row.rw && `RW ${row.rw}`, row.rt && `RT ${row.rt}`].filter(Boolean).join(" · ");
    button.addEventListener("click", () => choose(row));
    item.append(button);
    return item;
  }

  function suggest() {
    const found = OutboxParts.matches(names, input.value);
    list.replaceChildren(...found.slice(0, 6).map(option));
    list.hidden = !found.length;
    const hint = find("[data-pick-hint]");
    hint.textContent = !input.value.trim() ? "" : found.length > 6 ? word("more", found.length - 6) : found.length ? "" : names.length ? word("new-name") : word("no-names");
    hint.hidden = !hint.textContent;
  }

  function choose(row) {
    chosen = row;
    find("[name=business]").value = row ? row.uuid : "";
    find("[data-typing]").hidden = Boolean(row);
    find("[data-chosen]").hidden = !row;
    find("[data-place-told]").hidden = Boolean(row);
    list.hidden = true;
    if (row) {
      find("[data-chosen-name]").textContent = row.name;
      find("[data-chosen-place]").textContent = [row.rw && `RW ${row.rw}`, row.rt && `RT ${row.rt}`].filter(Boolean).join(" · ");
      mended("told_name");
      find("[data-unchoose]").focus({ preventScroll: true });
    }
    touched();
  }

  async function load() {
    const place = find("[name=kelurahan]");
    const kept = place.value ? await Outbox.names(place.value).catch(() => null) : null;
    names = kept ? kept.names : [];
    suggest();
  }

  /* ---- messages ---- */
  function wrong(name, text) {
    const place = find(`[data-error="${name}"]`) || find('[data-error="told_name"]');
    place.textContent = text;
    place.hidden = false;
  }

  function mended(name) {
    const place = find(`[data-error="${name}"]`);
    if (place) place.hidden = true;
  }

  function check(values) {
    all("[data-error]").forEach((place) => (place.hidden = true));
    const problems = [];
    if (!chosen && !values.told_name) problems.push(["told_name", word("name-missing")]);
    if (!values.kelurahan) problems.push(["kelurahan", word("kelurahan-missing")]);
    if (!values.need) problems.push(["need", word("need-missing")]);
    problems.forEach(([name, text]) => wrong(name, text));
    return problems.length ? problems[0][0] : "";
  }

  /* ---- what is filled in ---- */
  function values() {
    const data = new FormData(form);
    const found = { business: chosen ? chosen.uuid : "", need: data.get("need") || "", urgency: Number(data.get("urgency") || 1) };
    for (const name of TYPED) found[name] = String(data.get(name) || "").trim();
    return found;
  }

  function body(found) {
    const told = { need: found.need, urgency: found.urgency, note: found.note, kelurahan: found.kelurahan };
    if (found.business) told.business = found.business;
    else Object.assign(told, { told_name: found.told_name, told_place: found.told_place, rt: found.rt, rw: found.rw });
    for (const name of ["latitude", "longitude", "accuracy_m"]) if (found[name]) told[name] = found[name];
    for (const name of NUMBERS) if (name in told) told[name] = /^\d+$/.test(told[name]) ? Number(told[name]) : null;
    if (told.accuracy_m === null) delete told.accuracy_m;
    return told;
  }

  function fill(found) {
    for (const name of TYPED) {
      const field = form.elements.namedItem(name);
      if (field && found[name] !== undefined && found[name] !== null) field.value = found[name];
    }
    for (const name of ["need", "urgency"]) all(`[name=${name}]`).forEach((radio) => (radio.checked = radio.value === String(found[name])));
    showPlace();
  }

  function empty() {
    form.reset();
    editing = "";
    photo = null;
    ["latitude", "longitude", "accuracy_m"].forEach((name) => (form.elements.namedItem(name).value = ""));
    showPhoto();
    showPlace();
    choose(null);
    suggest();
    clearTimeout(timer);
    form.elements.namedItem("kelurahan").value = home;
  }

  /* ---- drafts ---- */
  function touched() {
    clearTimeout(timer);
    timer = setTimeout(keep, 600);
  }

  const something = (found) => Boolean(found.business || found.told_name || found.note || found.need || photo);

  function keep() {
    const found = values();
    if (editing || !something(found)) return;
    if (chosen) found.chosen = chosen;
    Outbox.saveDraft("report", found, photo).catch((problem) => problem.code === "full" && OutboxPage.tell(word("draft-full"), true));
  }

  /* ---- photo and place ---- */
  function showPhoto() {
    const shown = find("[data-photo-shown]");
    find("[data-photo-choice]").hidden = Boolean(photo);
    shown.hidden = !photo;
    if (!photo) return;
    find("[data-photo-size]").textContent = word("photo-ready", Math.max(1, Math.round(photo.size / 1024)));
  }

  async function takePhoto(event) {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    mended("photo");
    OutboxPage.tell(word("photo-working"));
    try {
      photo = await OutboxParts.shrink(file);
      OutboxPage.tell("");
    } catch (problem) {
      OutboxPage.tell("");
      wrong("photo", word(`photo-${problem.code || "unreadable"}`));
    }
    showPhoto();
    touched();
  }

  function showPlace() {
    const accuracy = form.elements.namedItem("accuracy_m").value;
    const there = form.elements.namedItem("latitude").value;
    const line = find("[data-located]");
    line.textContent = there ? word("located", accuracy || "?") : "";
    line.hidden = !there;
    find("[data-unlocate]").hidden = !there;
  }

  function locate(event) {
    mended("place");
    OutboxPage.tell(word("locating"));
    OutboxParts.place(event.currentTarget, (found, why) => {
      OutboxPage.tell("");
      if (!found) return wrong("place", word(`place-${why}`));
      for (const [name, value] of Object.entries(found)) form.elements.namedItem(name).value = value;
      showPlace();
      return touched();
    });
  }

  /* ---- keep it ---- */
  async function save(withPhoto) {
    if (busy) return;
    const found = values();
    const first = Date.now() - savedAt < AGAIN && !something(found) ? "nothing" : check(found);
    if (first === "nothing") return;
    if (first) {
      const field = form.elements.namedItem(first);
      const target = field && field.length && !field.tagName ? field[0] : field;
      if (target) target.focus();
      return;
    }
    const told = body(found);
    if (editing) told.uuid = editing;
    busy = true;
    try {
      await Outbox.put("report", told, { title: chosen ? chosen.name : found.told_name, photo: withPhoto ? photo : null });
    } catch (problem) {
      find("[data-without-photo]").hidden = problem.code !== "full" || !photo;
      OutboxPage.tell(word(problem.code === "full" ? (photo ? "full-photo" : "full") : problem.code === "nobody" ? "nobody" : problem.code === "gone" ? "gone" : "store"), true);
      return;
    } finally {
      busy = false;
    }
    savedAt = Date.now();
    find("[data-without-photo]").hidden = true;
    empty();
    await Outbox.dropDraft("report").catch(() => {});
    OutboxPage.tell(word("saved"));
    document.querySelector("[data-box]").scrollIntoView({ block: "nearest" });
    const run = await OutboxPage.sendNow();
    OutboxPage.tell(word(`after-${run.state}`) || word("saved"), run.state === "signed-out");
  }

  async function edit(uuid) {
    const item = await Outbox.take(uuid).catch(() => null);
    if (!item) return;
    empty();
    editing = uuid;
    fill(item.body);
    photo = item.photo;
    showPhoto();
    if (item.body.business) choose(names.find((row) => row.uuid === item.body.business) || { uuid: item.body.business, name: item.title });
    const problem = (await Outbox.items()).find((each) => each.uuid === uuid);
    if (problem) Object.entries(problem.fields).forEach(([name, text]) => wrong(name, text));
    form.scrollIntoView();
    OutboxPage.tell(word("editing"));
  }

  async function putBack() {
    const asked = new URLSearchParams(location.search).get("usaha");
    const kept = await Outbox.draft("report").catch(() => null);
    if (kept) {
      fill(kept.values);
      photo = kept.photo;
      showPhoto();
      await load();
      if (kept.values.chosen) choose(kept.values.chosen);
      OutboxPage.tell(word("restored"));
    }
    if (asked && !chosen) {
      const told = find("[data-chosen-name]").textContent; /* named by the portal itself, on a first visit */
      const row = names.find((each) => each.uuid === asked) || (told && { uuid: asked, name: told });
      if (row) choose(row);
    }
  }

  async function begin() {
    const me = await OutboxPage.start("report");
    const place = form.elements.namedItem("kelurahan");
    const mine = me ? me.posts.filter((post) => post.may.includes("report")) : [];
    if (place.tagName === "SELECT" && mine.length) {
      const before = place.value;
      const rows = mine.map((post) => new Option(post.name, post.code));
      if (mine.length > 1) rows.unshift(new Option(word("choose"), ""));
      place.replaceChildren(...rows);
      place.value = mine.some((post) => post.code === before) ? before : mine.length === 1 ? mine[0].code : "";
      find("[data-kelurahan]").hidden = mine.length === 1;
    }
    const there = new URLSearchParams(location.search).get("kelurahan");
    if (there && mine.some((post) => post.code === there)) place.value = there;
    home = place.value;
    form.classList.add("is-live");
    all("[data-live]").forEach((piece) => (piece.hidden = false));
    all("[data-plain]").forEach((piece) => (piece.hidden = true));
    find("[type=submit]").disabled = !me;
    await load();
    await putBack();
  }

  input.addEventListener("input", suggest);
  form.addEventListener("input", (event) => {
    mended(event.target.name);
    if (event.target.name === "kelurahan") load();
    touched();
  });
  form.addEventListener("change", touched);
  all("[name=photo], [name=photo_file]").forEach((each) => each.addEventListener("change", takePhoto));
  find("[data-photo-drop]").addEventListener("click", () => {
    photo = null;
    showPhoto();
    touched();
  });
  find("[data-unchoose]").addEventListener("click", () => {
    choose(null);
    input.focus();
  });
  find("[data-locate]").addEventListener("click", locate);
  find("[data-unlocate]").addEventListener("click", () => {
    ["latitude", "longitude", "accuracy_m"].forEach((name) => (form.elements.namedItem(name).value = ""));
    showPlace();
    touched();
  });
  find("[data-without-photo]").addEventListener("click", () => save(false));
  form.addEventListener("submit", (event) => {
    if (!live) return;
    event.preventDefault();
    save(true);
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  OutboxPage.onEdit = edit;
  begin().catch(() => {
    live = false; /* a browser that keeps nothing: the form posts, as without this file */
    if ("shell" in form.dataset && navigator.onLine) location.replace("?biasa=1");
  });
})();
