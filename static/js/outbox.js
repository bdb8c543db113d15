/* The outbox of the field pages: what was recorded without signal waits on the phone and leaves once.

   Loaded after outbox-store.js by the pages under /lapor/ and by their service worker (sw.js), so it knows no
   document. Waiting items and drafts lie in IndexedDB sealed (AES-GCM) under a key of their user, which the
   portal tells only that user. The key, the user and the cached names lie in a second database, dropped at
   sign-out (portal.js) and when somebody else signs in: what still waits is then unreadable here, and goes
   out when its author signs in again. What was sent leaves a stub without personal data.

   All functions of `Outbox` return promises unless said otherwise. A page does:

     await Outbox.open()                    who works here: {user, posts: [{code, name, may: ["report", …]}],
                                            signedOut, others} or null where nobody is known (ask to sign in).
                                            `others`: how many items of other users wait on this phone
     await Outbox.put("check", {uuid, told_at, …}, {photo: blob, title: "Keripik Bu Sri"})
                                            keep it, then send when possible. `body` is what the API of the
                                            kind takes (KINDS below); `uuid` and `told_at` are added when
                                            missing. `title` is shown in the list, on this phone only.
                                            Rejects with OutboxError: "full" (no room: nothing that lay there
                                            is lost), "gone" (an edit of what has left meanwhile), "nobody",
                                            "store".
     Outbox.on(fn)                          fn(news) after every change, in any tab; returns a function that
                                            stops it. Not a promise.
     await Outbox.items()                   newest first: {uuid, kind, state, at, tries, problem, fields,
                                            address, notice, title, body, hasPhoto, told, editable}. state:
                                            waiting, sending, refused (`problem` says why, `fields` where),
                                            sent. `told`: the text has arrived, its photo has not.
     await Outbox.send()                    try now; {state: "done" | "offline" | "signed-out" | "busy" |
                                            "later" | "nobody", sent, left}
     await Outbox.again(uuid)               a refused item once more, as it is
     await Outbox.take(uuid)                an item back to be edited: {kind, body, photo, title}; it stays until
                                            the edited one replaces it (put with the same uuid). null for what
                                            may have arrived already (`editable` in items() tells)
     await Outbox.drop(uuid)                throw one away; of one whose text has arrived only its photo. False
                                            for what is just being sent or has been: it stays
     await Outbox.settled(uuid, time)       wait (at most `time` milliseconds) until it is not being sent; its
                                            state, or null where it is not here (any more)
     await Outbox.saveDraft("report", values, photo) / Outbox.draft("report") / Outbox.dropDraft("report")
                                            one unfinished form for each page, {values, photo} or null
     await Outbox.names("35.73.01.1007")    the kelurahan's businesses for picking: {at, names: [{uuid, name,
                                            rt, rw, state, confirmed_on}]}, from the phone, asked again when
                                            older than NAMES_FRESH; null where never loaded and no signal
     Outbox.uuid(), Outbox.usable           a new UUID; whether this browser can do all this. No promises.

   Nothing here shows anything: outbox-page.js does, with the words of the page. */
(function (self) {
  "use strict";

  const KINDS = {
    report: {
      url: "/api/v1/visit-requests/",
      photo: (uuid) => `/api/v1/visit-requests/${uuid}/photo/`,
      page: (answer) => `/laporan/${answer.uuid}/`,
    },
    check: { url: "/api/v1/checks/" },
    proposal: { url: "/api/v1/proposals/", page: (answer) => `/usulan/${answer.uuid}/` },
  };
  const LOCK = "umkm-lapor-kirim";
  const SYNC = "umkm-lapor";
  const STUBS_KEPT = 7 * 24 * 3600000;
  const DRAFTS_KEPT = 30 * 24 * 3600000;
  const PHOTO_TIME = 180000; /* milliseconds; a picture of 300 KB over the worst line */

  const store = self.OutboxStore;
  const { DATABASE, OutboxError, read, readAll, within, note, write, erase, known, ask, request, news, seal, unseal, sealJson, unsealJson } = store;

  /* ---- items ---- */
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  }

  async function row(me, identity, kind, state, content, photo) {
    const made = { uuid: identity, user: me.user, kind: kind, state: state, at: Date.now(), tries: 0, edits: 0 };
    made.hasPhoto = Boolean(photo);
    made.sealed = await sealJson(me.keys, content);
    return [made, photo ? await seal(me.keys, await photo.arrayBuffer()) : null];
  }

  async function photoOf(me, found) {
    const sealed = found.hasPhoto && (await read(DATABASE, "photos", found.uuid));
    const bytes = sealed && (await unseal(me.keys, sealed));
    return bytes ? new Blob([bytes], { type: "image/jpeg" }) : null;
  }

  /* What may have arrived is not edited: what arrived first stands. */
  const editable = (row) => !row.told && (row.state === "refused" || (row.state === "waiting" && row.tries === 0));

  async function put(kind, body, extra) {
    if (!KINDS[kind]) throw new OutboxError("kind");
    const me = await known();
    if (!me) throw new OutboxError("nobody");
    const options = extra || {};
    const told = Object.assign({}, body);
    told.uuid = told.uuid || uuid();
    told.told_at = told.told_at || new Date().toISOString();
    const [made, photo] = await row(me, told.uuid, kind, "waiting", { body: told, title: options.title || "" }, options.photo);
    const problem = await within(made.uuid, (before, rows, photos) => {
      if (before && before.user !== me.user) return "store";
      if (before && !editable(before)) return "gone";
      if (before) made.edits = before.edits + 1;
      rows.put(made);
      if (photo) photos.put(photo, made.uuid);
      else photos.delete(made.uuid);
      return "";
    });
    if (problem) throw new OutboxError(problem);
    if (self.navigator.storage && self.navigator.storage.persist) self.navigator.storage.persist().catch(() => {});
    news("items");
    await wish();
    return { uuid: told.uuid };
  }

  /* Ask the browser to wake the service worker when there is signal, where it can do that. */
  async function wish() {
    try {
      const registration = self.registration || (await self.navigator.serviceWorker.getRegistration("/lapor/"));
      if (registration && registration.sync) await registration.sync.register(SYNC);
    } catch {
      /* not here, or not allowed: the page itself sends */
    }
  }

  async function items() {
    const me = await known();
    if (!me) return [];
    const mine = (await readAll()).filter((each) => each.user === me.user && each.state !== "draft");
    const shown = await Promise.all(
      mine.map(async (each) => {
        const content = (await unsealJson(me.keys, each.sealed)) || {};
        return {
          uuid: each.uuid, kind: each.kind, state: each.state, at: each.at, tries: each.tries, problem: each.problem || "",
          fields: each.fields || {}, address: each.address || "", notice: each.notice || "", title: content.title || "",
          body: content.body || null, hasPhoto: each.hasPhoto, told: Boolean(each.told), editable: editable(each),
        };
      }),
    );
    return shown.sort((a, b) => b.at - a.at);
  }

  async function take(identity) {
    const me = await known();
    const found = await read(DATABASE, "items", identity);
    if (!me || !found || found.user !== me.user || !editable(found)) return null;
    const content = await unsealJson(me.keys, found.sealed);
    return content && { kind: found.kind, body: content.body, title: content.title, photo: await photoOf(me, found) };
  }

  async function again(identity) {
    await within(identity, (found, rows) => {
      if (found && found.state === "refused") rows.put(Object.assign(found, { state: "waiting", problem: "", fields: {}, edits: found.edits + 1 }));
    });
    news("items");
  }

  async function drop(identity) {
    const gone = await within(identity, (found, rows, photos) => {
      if (found && (found.state === "sending" || found.state === "sent")) return false;
      if (found && found.told) rows.put(stub(found));
      else rows.delete(identity);
      photos.delete(identity);
      return true;
    });
    news("items");
    return gone;
  }

  async function settled(identity, time) {
    for (const until = Date.now() + time; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
      const found = await read(DATABASE, "items", identity);
      if (!found) return null;
      if (found.state !== "sending" || Date.now() > until) return found.state;
    }
  }

  /* What is done with leaves a line without anything of anybody. */
  function stub(row) {
    const left = { state: "sent", sent_at: Date.now(), hasPhoto: false };
    for (const name of ["uuid", "user", "kind", "at", "tries", "edits", "notice", "address"]) left[name] = row[name];
    return left;
  }

  const finish = (row) => write(stub(row)).catch(() => erase(row.uuid));

  /* ---- drafts: one for each page and user ---- */
  const draftKey = (me, page) => `draft:${me.user}:${page}`;

  async function saveDraft(page, values, photo) {
    const me = await known();
    if (!me) throw new OutboxError("nobody");
    await write(...(await row(me, draftKey(me, page), page, "draft", { values: values }, photo)));
  }

  async function draft(page) {
    const me = await known();
    const found = me && (await read(DATABASE, "items", draftKey(me, page)));
    if (!found) return null;
    const content = await unsealJson(me.keys, found.sealed);
    return content && { values: content.values, photo: await photoOf(me, found) };
  }

  async function dropDraft(page) {
    const me = await known();
    if (me) await erase(draftKey(me, page));
  }

  /* ---- sending ---- */
  class SignedOut extends Error {}
  class Later extends Error {
    constructor(all) {
      super("later");
      this.all = all; /* the portal asks to wait with everything, not only with this item */
    }
  }

  async function sendAll() {
    const session = await ask();
    if (!session) return { state: "offline" };
    if (!session.user) return { state: "signed-out" };
    const me = await known();
    if (!me) return { state: "nobody" }; /* signed out meanwhile */
    const mine = (await readAll()).filter((each) => each.user === me.user);
    await tidy();
    const waiting = mine.filter((each) => each.state === "waiting" || each.state === "sending").sort((a, b) => a.at - b.at);
    const run = { state: "done", sent: 0, left: waiting.length };
    for (const each of waiting) {
      try {
        if (await deliver(each.uuid, me, session)) run.sent += 1;
        run.left -= 1;
      } catch (error) {
        await backToWaiting(each.uuid);
        run.state = error instanceof SignedOut ? "signed-out" : error instanceof Later ? "later" : "offline";
        if (!(error instanceof Later) || error.all) return run;
      }
    }
    return run;
  }

  /* Lines about what was sent, and forms nobody finished, are not kept for ever; what waits is. */
  async function tidy() {
    const over = (each) =>
      (each.state === "sent" && Date.now() - each.sent_at > STUBS_KEPT) || (each.state === "draft" && Date.now() - each.at > DRAFTS_KEPT);
    await Promise.all((await readAll()).filter(over).map((each) => erase(each.uuid)));
  }

  async function backToWaiting(identity) {
    await within(identity, (now, rows) => {
      if (now && now.state === "sending") rows.put(Object.assign(now, { state: "waiting", tries: now.tries + 1 }));
    }).catch(() => {});
    news("items");
  }

  /* Take an item as it is now and mark it "sending" in one step: while others of this run were sent it may
     have been edited or thrown away, and from here on it is neither. A phone without room still sends: only
     the marks of the run are missing then. */
  function claim(identity, user) {
    const wanted = (now) => now && now.user === user && (now.state === "waiting" || now.state === "sending");
    const mark = (now, rows) => {
      if (!wanted(now)) return null;
      rows.put(Object.assign(now, { state: "sending" }));
      return now;
    };
    return within(identity, mark).catch(async () => {
      const now = await read(DATABASE, "items", identity);
      return wanted(now) ? Object.assign(now, { state: "sending" }) : null;
    });
  }

  /* One item: its text, then its photo. True when it is done with; false when refused or gone meanwhile. */
  async function deliver(identity, me, session) {
    const each = await claim(identity, me.user);
    if (!each) return false;
    const kind = KINDS[each.kind];
    const content = await unsealJson(me.keys, each.sealed);
    if (!kind || !content) return refuse(each, "", {});
    news("items");
    if (!each.told) {
      const response = await post(session, kind.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": `${each.uuid}.${each.edits}` },
        body: JSON.stringify(content.body),
      });
      if (!response.ok) return refuse(each, ...(await problem(response)));
      const answer = await response.json().catch(() => ({}));
      const thrownAway = !(await read(DATABASE, "items", each.uuid));
      if (thrownAway) return false;
      each.told = true;
      each.notice = answer.warning || "";
      each.address = kind.page && answer.uuid ? kind.page(answer) : "";
      each.sealed = await sealJson(me.keys, { title: content.title });
      if (each.hasPhoto && kind.photo) await note(each).catch(() => {});
    }
    const photo = kind.photo && (await photoOf(me, each));
    if (photo) {
      const form = new FormData();
      form.append("file", photo, "foto.jpg");
      const response = await post(session, kind.photo(each.uuid), { method: "PUT", body: form }, PHOTO_TIME);
      const there = response.status === 409 && (await code(response)) === "photo-there"; /* it arrived before */
      if (!response.ok && !there) return refuse(each, ...(await problem(response)));
    }
    await finish(each);
    news("items");
    return true;
  }

  /* A response worth an answer; throws what stops this run: no signal, no session, a server that asks to wait. */
  async function post(session, url, options, time, second) {
    const headers = Object.assign({ Accept: "application/json", "X-CSRFToken": session.csrf }, options.headers);
    const response = await request(url, Object.assign({}, options, { headers: headers }), time);
    if (response.status === 429) throw new Later(true);
    if (response.status >= 500 || response.status === 408) throw new Later(false);
    if (response.status === 409 && (await code(response)) === "in-progress") throw new Later(false);
    if (response.redirected) throw new SignedOut();
    if (response.status !== 401 && response.status !== 403) return response;
    const now = await ask();
    if (!now) throw new TypeError("offline");
    if (now.user !== session.user) throw new SignedOut();
    if (second || now.csrf === session.csrf) return response; /* signed in, and still not allowed */
    Object.assign(session, now);
    return post(session, url, options, time, true);
  }

  const code = (response) => response.clone().json().then((body) => body.code, () => "");

  async function problem(response) {
    const body = await response.json().catch(() => ({}));
    if (body.detail) return [String(body.detail), body.fields || {}];
    const fields = {};
    for (const [name, told] of Object.entries(body)) fields[name] = [].concat(told).join(" ");
    return [Object.values(fields)[0] || "", fields];
  }

  async function refuse(each, words, fields) {
    Object.assign(each, { state: "refused", problem: words, fields: fields });
    await within(each.uuid, (now, rows) => {
      if (now) rows.put(each);
    }).catch(() => {});
    news("items");
    return false;
  }

  async function send() {
    if (!(await known())) {
      await ask();
      if (!(await known())) return { state: "nobody" };
    }
    const locks = self.navigator.locks;
    const result = locks
      ? await locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? sendAll() : { state: "busy" }))
      : await sendAll();
    news(`run:${result.state}`);
    return result;
  }

  async function waiting() {
    const me = await known();
    return me ? (await readAll()).filter((each) => each.user === me.user && (each.state === "waiting" || each.state === "sending")).length : 0;
  }

  self.Outbox = {
    KINDS, SYNC, OutboxError, uuid, put, items, take, again, drop, settled, saveDraft, draft, dropDraft, send, waiting, ask,
    usable: store.usable,
    open: store.open,
    names: store.names,
    on(fn) {
      store.listeners.add(fn);
      return () => store.listeners.delete(fn);
    },
  };
})(self);
