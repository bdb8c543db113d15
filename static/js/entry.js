/* The entry page: steps on a phone, drafts that save themselves, photos shrunk before they travel.
   Without this file it is one long page that posts.

   What was typed and is not saved yet also stands in sessionStorage, for this tab and this user only, so
   that it outlives a lost session. Identity numbers, telephone numbers and photos are never put there. It
   is emptied when saved and at sign-out (portal.js). */
(function () {
  "use strict";
  const form = document.querySelector("form[data-entry]");
  if (!form) return;
  const find = (selector, from) => (from || document).querySelector(selector);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const word = (name, n) => {
    const found = find("#kata").content.querySelector(`[data-word="${name}"]`);
    return found ? found.textContent.replace("{n}", n) : "";
  };
  const say = (text) => (find("#kabar").textContent = text);
  const field = (name) => form.elements.namedItem(name);
  const stepSections = all("details[data-step]", form);

  /* ---- steps: on a phone one at a time, at a desk all of them ---- */
  const nav = find("[data-steps]", form);
  const narrow = window.matchMedia("(max-width: 48rem)");
  const links = nav ? all("[data-step-link]", nav) : [];
  const title = nav ? find("[data-step-of]", nav).textContent : "";
  const last = links.length;
  let step = 0;

  const complete = () => ["name", "activity", "kelurahan"].every((name) => field(name) && field(name).value.trim());

  function bars() {
    const stepping = step > 0;
    form.classList.toggle("at-end", stepping && step === last);
    find("[data-step-back]", form).hidden = !stepping || step === 1;
    find("[data-step-next]", form).hidden = !stepping || step === last;
    all("[data-at-end]", form).forEach((button) => {
      button.hidden = stepping && (step !== last || button.value !== "send");
    });
    const now = find("[data-send-now]", form);
    if (!now) return;
    now.hidden = !stepping || !complete();
    find("[value=send]", now).hidden = step === last;
  }

  function show(number, focus) {
    step = number;
    stepSections.forEach((section) => {
      section.hidden = Number(section.dataset.step) !== number;
      if (!section.hidden) section.open = true;
    });
    links.forEach((link, n) => {
      if (n + 1 === number) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    });
    find("[data-step-of]", nav).textContent = title.replace("{n}", number).replace("{total}", last);
    find("[data-step-title]", nav).textContent = links[number - 1].textContent;
    find("details", nav).open = false;
    bars();
    if (focus) {
      const heading = find("summary", nav);
      heading.focus({ preventScroll: true });
      window.scrollTo(0, nav.getBoundingClientRect().top + window.scrollY - 8);
      say(`${find("[data-step-of]", nav).textContent}: ${links[number - 1].textContent}`);
    }
  }

  function go(number) {
    history.pushState(null, "", `#langkah-${number}`);
    show(number, true);
    save();
  }

  function stepOf(element) {
    const section = element && element.closest("details[data-step]");
    return section ? Number(section.dataset.step) : 0;
  }

  function stepNow() {
    const wrong = find("details[data-step] .field-error", form) || find("details[data-step] .notice-warn", form);
    const told = /^#langkah-(\d+)$/.exec(location.hash);
    const target = location.hash.length > 1 && !told && document.getElementById(location.hash.slice(1));
    return Math.min(last, stepOf(target) || (told && Number(told[1])) || stepOf(wrong) || 1);
  }

  /* Bring a field into view wherever it is: another step, a folded section. */
  function reveal(target) {
    if (step && stepOf(target) && stepOf(target) !== step) show(stepOf(target), false);
    for (let up = target; up && up !== form; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const place = target.matches("input, select, textarea, button, summary") ? target : find("summary, input, select, textarea", target);
    (place || target).focus();
    target.scrollIntoView({ block: "center" });
  }

  function layOut() {
    if (!nav) return;
    nav.hidden = !narrow.matches;
    const hint = find("#mirip");
    if (hint) (narrow.matches ? find("[data-similar-here]") : find("[data-rail-similar]")).append(hint);
    all("[data-similar-first]").forEach((piece) => (piece.hidden = true));
    if (narrow.matches) show(step || stepNow(), false);
    else {
      step = 0;
      stepSections.forEach((section) => (section.hidden = false));
      bars();
    }
  }

  if (nav) {
    narrow.addEventListener("change", layOut);
    window.addEventListener("popstate", () => step && show(stepNow(), true));
    find("[data-step-back]", form).addEventListener("click", () => go(step - 1));
    find("[data-step-next]", form).addEventListener("click", () => go(step + 1));
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.defaultPrevented) return;
    if (link.dataset.stepLink) {
      event.preventDefault();
      go(Number(link.dataset.stepLink));
      return;
    }
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (target && form.contains(target)) {
      event.preventDefault();
      reveal(target);
    }
  });

  /* ---- what is typed and not saved yet ---- */
  const user = form.dataset.entry;
  const key = () => `isian:${user}:${location.pathname}${location.search}`;
  const SECRET = /(-nik|-kk|phone|phone_other)$/;
  const NOT_TYPED = /^(csrfmiddlewaretoken|stamp|asal|page|token|do|person_query|use_person|photos|camera)$/;
  const typed = new Set();
  let stopped = false;
  let leaving = false; /* signing out: from here on nothing goes into the tab any more */

  function store() {
    if (stopped || leaving || !typed.size) return;
    const data = new FormData(form);
    const copy = { at: Date.now(), values: {}, unkept: [], head: {} };
    for (const name of typed) {
      if (SECRET.test(name)) {
        if (data.get(name)) copy.unkept.push(labelOf(name));
      } else copy.values[name] = data.getAll(name).filter((value) => typeof value === "string");
    }
    if (shots.some((shot) => !shot.done)) copy.unkept.push(word("photos"));
    for (const name of ["stamp", "asal", "page", "token"]) if (field(name)) copy.head[name] = field(name).value;
    copy.head.asal = copy.head.asal.split(" ").filter((mark) => !/phone|nik|kk/.test(mark.split("=")[0])).join(" ");
    try {
      sessionStorage.setItem(key(), JSON.stringify(copy));
    } catch {
      /* private window or full: the page itself still holds it */
    }
  }

  function forget() {
    try {
      sessionStorage.removeItem(key());
    } catch {
      /* nothing was kept */
    }
  }

  function labelOf(name) {
    const label = field(name) && field(name).labels && field(name).labels[0];
    return label ? label.firstChild.textContent.trim() : name;
  }

  function putBack() {
    let copy = null;
    try {
      Object.keys(sessionStorage)
        .filter((name) => name.startsWith("isian:") && !name.startsWith(`isian:${user}:`))
        .forEach((name) => sessionStorage.removeItem(name));
      copy = JSON.parse(sessionStorage.getItem(key()));
    } catch {
      return;
    }
    if (!copy || Date.now() - copy.at > 24 * 60 * 60 * 1000) return forget();
    if (find("[data-answered]")) return forget(); /* the page holds what was sent */
    for (const [name, values] of Object.entries(copy.values)) {
      all(`[name="${CSS.escape(name)}"]`, form).forEach((input, n) => {
        if (/^(checkbox|radio)$/.test(input.type)) input.checked = values.includes(input.value);
        else if (input.type !== "file" && n < values.length) input.value = values[n];
        input.dispatchEvent(new Event("set"));
      });
      typed.add(name);
    }
    for (const [name, value] of Object.entries(copy.head)) if (field(name)) field(name).value = value;
    const box = find("[data-restored]");
    find("[data-restored-title]").textContent = word("restored");
    find("[data-restored-text]").textContent = copy.unkept.length
      ? `${word("restored-but")} ${copy.unkept.join(", ")}.`
      : word("restored-all");
    box.hidden = false;
    schedule(400);
  }

  /* ---- saving by itself ---- */
  const line = find("[data-saved]", form);
  const auto = "autosave" in form.dataset;
  let busy = false;
  let timer = 0;
  let copyTimer = 0;
  let retry = 0;

  function tell(text, bad, act) {
    line.hidden = false;
    line.classList.toggle("bad", Boolean(bad));
    const place = find("[data-saved-text]", line);
    if (place.textContent === text && !act) return;
    place.replaceChildren(text);
    if (act) place.append(" ", act);
    if (bad) say(text);
  }

  function link(text, address) {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    return made;
  }

  function schedule(wait) {
    clearTimeout(timer);
    if (auto && !stopped) timer = setTimeout(save, wait === undefined ? 2500 : wait);
  }

  /* Resolves to the state the server answered with, or "signed-out", "offline", "refused". */
  function save() {
    clearTimeout(timer);
    const waiting = shots.filter((shot) => shot.file && !shot.done && !shot.refused);
    if (!auto || stopped || busy || (!typed.size && !waiting.length)) return Promise.resolve(busy ? "busy" : "nothing");
    busy = true;
    const sent = new Set(typed);
    typed.clear();
    const data = new FormData(form);
    ["photos", "camera", "person_query", "do"].forEach((name) => data.delete(name));
    data.set("do", "autosave");
    waiting.forEach((shot) => {
      data.append("photos", shot.file, "foto.jpg");
      data.append("photos_uuid", shot.uuid);
    });
    return send(data, waiting).then((answer) => {
      busy = false;
      const state = answered(answer, sent, waiting);
      if (state !== "saved" && state !== "nothing") {
        sent.forEach((name) => typed.add(name));
        store();
      } else if (typed.size) schedule();
      return state;
    });
  }

  function send(data, waiting) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.getAttribute("action"));
      request.timeout = waiting.length ? 180000 : 30000;
      request.upload.onprogress = (event) => waiting.forEach((shot) => progress(shot, event.loaded / event.total));
      request.onload = () => {
        const json = /json/.test(request.getResponseHeader("Content-Type") || "");
        if (request.status === 200 && json) return resolve(JSON.parse(request.responseText));
        const lost = request.status === 403 || request.responseURL.includes(form.dataset.signIn) || request.status === 200;
        return resolve({ state: lost ? "signed-out" : "refused" });
      };
      request.onerror = request.ontimeout = () => resolve({ state: "offline" });
      request.send(data);
    });
  }

  function answered(answer, sent, waiting) {
    if (answer.state === "saved") {
      forget();
      retry = 0;
      form.action = answer.address;
      field("stamp").value = answer.stamp;
      if (location.pathname !== answer.address) history.replaceState(null, "", answer.address + location.hash);
      const fresh = line.hidden;
      tell(answer.said, false);
      if (fresh) say(answer.said);
      waiting.forEach((shot) => (shot.done = true));
      tidyShots(answer);
      count(answer.done);
      const hint = find("#mirip");
      if (hint) hint.setAttribute("hx-vals", JSON.stringify({ without: answer.uuid }));
    } else if (answer.state === "signed-out") {
      tell(word("signed-out"), true, link(word("sign-in"), `${form.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`));
    } else if (answer.state === "offline") {
      tell(word("offline"), true);
      retry = Math.min(retry + 1, 6);
      schedule(5000 * retry);
    } else if (answer.state === "refused") {
      tell(word("refused"), true);
    } else if (answer.state === "conflict") {
      stopped = true;
      const button = document.createElement("button");
      button.className = "btn btn-secondary btn-sm";
      button.name = "do";
      button.value = "draft";
      button.textContent = word("see-both");
      tell(word("conflict"), true, button);
    } else if (answer.state === "gone") {
      stopped = true;
      forget();
      tell(word("gone"), true, link(word("look"), answer.address));
    }
    if (answer.errors) errors(answer.errors, sent);
    return answer.state;
  }

  function count(done) {
    let have = 0;
    let total = 0;
    stepSections.forEach((section) => {
      const [filled, wanted] = done[section.dataset.key] || [0, 0];
      const place = find("[data-count]", section);
      if (place && wanted) place.textContent = place.textContent.replace(/\d+(\D+)\d+/, `${filled}$1${wanted}`);
      have += filled;
      total += wanted;
    });
    all("aside progress").forEach((bar) => {
      bar.value = have;
      bar.max = total;
    });
    for (const told of [find("aside .count"), find("[data-filled]")]) {
      if (told) told.textContent = told.textContent.replace(/\d+(\D+)\d+/, `${have}$1${total}`);
    }
  }

  /* Messages at fields that were typed in and left; a field being typed in, or left empty, is not scolded. */
  function errors(found, sent) {
    all("[data-live-error]", form).forEach((piece) => piece.remove());
    for (const [id, text] of Object.entries(found)) {
      const input = document.getElementById(id);
      if (!input || input === document.activeElement || !input.value) continue;
      const name = input.name || (input.nextElementSibling || {}).name || "";
      if (!sent.has(name) && !input.dataset.wrong) continue;
      const message = document.createElement("div");
      message.className = "field-error mb-1";
      message.dataset.liveError = id;
      message.id = `${id}-langsung`;
      message.textContent = text;
      (input.closest(".input-group, .pick") || input).before(message);
      input.classList.add("is-invalid");
      input.setAttribute("aria-invalid", "true");
      input.dataset.wrong = "1";
      const column = input.closest(".col-4, .col-6");
      if (column) column.classList.add("col-12"); /* room for the message */
      input.setAttribute("aria-describedby", `${message.id} ${input.getAttribute("aria-describedby") || ""}`.trim());
    }
  }

  function mended(input) {
    if (!input.dataset.wrong) return;
    delete input.dataset.wrong;
    const column = input.closest(".col-4, .col-6");
    if (column) column.classList.remove("col-12");
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-invalid");
    all(`[data-live-error="${CSS.escape(input.id)}"]`, form).forEach((piece) => piece.remove());
  }

  function touched(event) {
    const input = event.target;
    if (!input.name || NOT_TYPED.test(input.name)) return;
    typed.add(input.name);
    mended(input);
    schedule();
    clearTimeout(copyTimer);
    copyTimer = setTimeout(store, 300);
    if (step) bars();
    if (/^(name|kelurahan|address|rt|rw|phone)$|-phone$/.test(input.name)) similar();
  }
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("focusout", () => typed.size && schedule(800));
  document.addEventListener("visibilitychange", () => {
    store();
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("online", () => schedule(300));

  /* Sending: save first, so that a lost session or line is noticed while everything still stands here. */
  let through = false;
  form.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (step && by && by.classList.contains("visually-hidden")) {
      event.preventDefault(); /* Enter in a field of a step goes on, it does not send */
      if (step < last) go(step + 1);
      return;
    }
    if (through || stopped || !auto || (!typed.size && !busy && !shots.some((shot) => !shot.done))) {
      handOver();
      forget();
      through = true;
      return;
    }
    event.preventDefault();
    const again = () =>
      save().then((state) => {
        if (state === "busy") return setTimeout(again, 200);
        if (/^(signed-out|offline|refused|gone)$/.test(state)) return line.scrollIntoView({ block: "nearest" });
        through = true;
        return by ? form.requestSubmit(by) : form.requestSubmit();
      });
    again();
  });
  form.removeAttribute("data-guard"); /* the guard below knows what is saved */
  window.addEventListener("beforeunload", (event) => {
    store();
    if (!through && !stopped && (typed.size || shots.some((shot) => !shot.done))) event.preventDefault();
  });
  window.addEventListener("pageshow", () => (through = false));
  function signOut() {
    leaving = true;
    clearTimeout(timer);
    clearTimeout(copyTimer);
    forget();
  }
  document.addEventListener("submit", (event) => {
    if (/\/keluar\/$/.test(event.target.getAttribute("action") || "")) signOut();
  });
  if (window.BroadcastChannel) new BroadcastChannel("umkm-keluar").addEventListener("message", signOut);

  /* ---- likely duplicates while typing ---- */
  let similarTimer = 0;
  function similar() {
    const hint = find("#mirip");
    if (!hint || !window.htmx) return;
    clearTimeout(similarTimer);
    similarTimer = setTimeout(() => window.htmx.trigger(hint, "mirip"), 700);
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = new URL(event.detail.xhr.responseURL, location.href).pathname;
    if (!answered.endsWith("/mirip/")) event.detail.shouldSwap = false; /* the sign-in page */
  });

  form.addEventListener("picked", (event) => {
    const use = document.createElement("input");
    use.type = "hidden";
    use.name = "use_person";
    use.value = event.detail.value;
    form.append(use);
    form.requestSubmit(find("[value=draft][data-at-end]", form));
  });

  /* ---- photos: shrunk here, sent at once, shown while they travel ---- */
  const LONG_EDGE = 1600;
  const shots = [];
  const shelf = find("[data-shots]", form);

  function progress(shot, part) {
    find("progress", shot.row).value = part;
    find("span", shot.row).textContent = `${word("sending")} ${Math.round(part * 100)} %`;
  }

  async function shrink(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_EDGE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return [canvas, small ? new File([small], "foto.jpg", { type: "image/jpeg" }) : file];
  }

  async function take(file) {
    const row = document.createElement("li");
    const side = document.createElement("div");
    const text = document.createElement("span");
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", word("sending"));
    text.textContent = word("shrinking");
    side.append(text, bar);
    row.append(side);
    shelf.append(row);
    shelf.hidden = false;
    const shot = { uuid: crypto.randomUUID ? crypto.randomUUID() : null, file: null, done: false, row: row };
    if (!shot.uuid) shot.uuid = "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
    shots.push(shot);
    try {
      const [canvas, small] = await shrink(file);
      shot.file = small;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", file.name);
      row.prepend(canvas);
    } catch {
      shot.file = file; /* what this browser cannot open, the server judges */
    }
    text.textContent = word("waiting");
    schedule(100);
  }

  function tidyShots(answer) {
    const wrong = (answer.errors || {}).id_photos;
    const box = document.createElement("div");
    box.innerHTML = answer.photos || "";
    const rows = find("[data-photo-rows]", form);
    const there = new Set(all("[name$='-uuid']", rows).map((input) => input.value));
    let added = 0;
    all("fieldset", box).forEach((piece) => {
      const identity = find("[name$='-uuid']", piece);
      if (!identity || there.has(identity.value)) return;
      rows.append(piece);
      added += 1;
    });
    shots.splice(0).forEach((shot) => {
      if (!shot.done) shots.push(shot);
      else shot.row.remove();
    });
    if (wrong) tell(wrong, true);
    else if (added) say(word("in"));
    shelf.hidden = !shelf.children.length;
  }

  /* What has not travelled yet goes along with the form itself. */
  function handOver() {
    const left = shots.filter((shot) => shot.file && !shot.done);
    if (!left.length || !field("photos")) return;
    const hand = new DataTransfer();
    left.forEach((shot) => {
      hand.items.add(shot.file);
      const identity = document.createElement("input");
      identity.type = "hidden";
      identity.name = "photos_uuid";
      identity.value = shot.uuid;
      form.append(identity);
    });
    field("photos").files = hand.files;
  }

  if (auto && shelf && window.createImageBitmap && window.DataTransfer) {
    all("[name=camera], [name=photos]", form).forEach((input) =>
      input.addEventListener("change", (event) => {
        event.stopPropagation();
        const chosen = Array.from(input.files);
        input.value = "";
        chosen.forEach(take);
      }),
    );
  }

  layOut();
  putBack();
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (target && form.contains(target)) reveal(target);
})();
