/* What the field pages keep on the phone, and for whom: two databases in IndexedDB, the key of who works here,
   the names for picking. The outbox (outbox.js, which tells how all of this is used) stands on it. */
(function (self) {
  "use strict";

  const STATE_URL = "/lapor/keadaan/";
  const DATABASE = "umkm-lapor";
  const KEYS = "umkm-lapor-kunci"; /* portal.js drops it at sign-out, by this name */
  const CHANNEL = "umkm-lapor";
  const HOUR = 3600000;
  const NAMES_FRESH = 12 * HOUR;
  const KNOWN_FOR = 30 * 24 * HOUR; /* a phone that was not used so long forgets its names and key */
  const TEXT_TIME = 30000; /* milliseconds */
  const LEAVING_FOR = 15000; /* milliseconds a sign-out may be on its way to the portal */

  class OutboxError extends Error {
    constructor(code, cause) {
      super(code);
      this.name = "OutboxError";
      this.code = code;
      this.cause = cause;
    }
  }

  const usable = Boolean(self.isSecureContext && self.indexedDB && self.crypto && self.crypto.subtle && self.fetch);

  /* After a sign-out the portal may still name the user for some seconds: nothing of theirs is stored then. A
     page begins anew afterwards, its service worker does not. */
  let leftAt = 0;
  const leaving = () => leftAt > 0 && (Boolean(self.document) || Date.now() - leftAt < LEAVING_FOR);

  /* ---- two databases ---- */
  const opened = {};

  function database(name) {
    if (opened[name]) return opened[name];
    opened[name] = new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => {
        if (name === KEYS) {
          asked.result.createObjectStore("known");
          asked.result.createObjectStore("names");
        } else {
          asked.result.createObjectStore("items", { keyPath: "uuid" });
          asked.result.createObjectStore("photos");
        }
      };
      asked.onsuccess = () => {
        const forget = () => delete opened[name];
        asked.result.onclose = forget;
        asked.result.onversionchange = () => {
          asked.result.close(); /* another tab signs out: let go at once */
          forget();
          leftAt = Date.now();
          news("closed");
        };
        resolve(asked.result);
      };
      asked.onerror = () => reject(new OutboxError("store", asked.error));
    });
    opened[name].catch(() => delete opened[name]);
    return opened[name];
  }

  /* One transaction over one store or several; `work(store, …)` may return a request whose result is wanted. */
  async function inStore(name, stores, mode, work) {
    const db = await database(name);
    return new Promise((resolve, reject) => {
      let asked;
      let transaction;
      const fail = (error) => reject(new OutboxError(error && error.name === "QuotaExceededError" ? "full" : "store", error));
      try {
        transaction = db.transaction(stores, mode);
        asked = work(...[].concat(stores).map((store) => transaction.objectStore(store)));
      } catch (error) {
        if (transaction) transaction.abort(); /* all of it or nothing */
        return fail(error);
      }
      transaction.oncomplete = () => resolve(asked && asked.result);
      transaction.onabort = () => fail(transaction.error);
      return undefined;
    });
  }

  /* One item and its photo, looked at and changed in one transaction, so that nobody changes it in between:
     `decide(row, items, photos)` makes its changes at once; resolves to what it returned. */
  async function within(uuid, decide) {
    let told;
    let wrong = null;
    const look = (items, photos) => {
      items.get(uuid).onsuccess = (event) => {
        try {
          told = decide(event.target.result, items, photos);
        } catch (error) {
          wrong = error;
          items.transaction.abort();
        }
      };
    };
    await inStore(DATABASE, both, "readwrite", look).catch((error) => {
      throw wrong ? new OutboxError(wrong.name === "QuotaExceededError" ? "full" : "store", wrong) : error;
    });
    return told;
  }

  const read = (name, store, key) => inStore(name, store, "readonly", (rows) => rows.get(key));
  const readAll = () => inStore(DATABASE, "items", "readonly", (rows) => rows.getAll());
  const both = ["items", "photos"]; /* a photo lies apart: a change of state does not write it again */
  const note = (row) => inStore(DATABASE, "items", "readwrite", (rows) => rows.put(row));
  const write = (row, photo) =>
    inStore(DATABASE, both, "readwrite", (rows, photos) => {
      rows.put(row);
      if (photo) photos.put(photo, row.uuid);
      else photos.delete(row.uuid);
    });
  const erase = (uuid) =>
    inStore(DATABASE, both, "readwrite", (rows, photos) => {
      rows.delete(uuid);
      photos.delete(uuid);
    });

  /* ---- news to every tab ---- */
  const listeners = new Set();
  const channel = self.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
  if (channel)
    channel.onmessage = (event) => {
      if (event.data === "closed") leftAt = Date.now();
      listeners.forEach((each) => each(event.data));
    };
  if (self.BroadcastChannel) new BroadcastChannel("umkm-keluar").onmessage = () => (leftAt = Date.now()); /* portal.js */

  function news(what) {
    listeners.forEach((each) => each(what));
    if (channel) channel.postMessage(what);
  }

  /* ---- who works here ---- */
  async function known() {
    const found = await read(KEYS, "known", "known");
    if (!found || Date.now() - found.at < KNOWN_FOR) return found || null;
    await forget();
    return null;
  }

  async function forget() {
    await inStore(KEYS, "known", "readwrite", (rows) => rows.clear());
    await inStore(KEYS, "names", "readwrite", (rows) => rows.clear());
  }

  /* The session's mark: the cookie changes at every sign-in, so that a page need not ask at every visit. */
  function mark() {
    const found = self.document && /(?:^|;\s*)csrftoken=([^;]+)/.exec(self.document.cookie);
    return found ? found[1].slice(0, 12) : "";
  }

  async function request(url, options, time) {
    const ended = self.AbortController ? new AbortController() : null;
    const timer = ended && setTimeout(() => ended.abort(), time || TEXT_TIME);
    try {
      return await fetch(url, Object.assign({ credentials: "same-origin", cache: "no-store", signal: ended && ended.signal }, options));
    } finally {
      clearTimeout(timer);
    }
  }

  /* Ask the portal who is signed in, and keep it. Resolves to its answer, or null without signal. */
  async function ask() {
    let answer;
    try {
      const response = await request(STATE_URL, { headers: { Accept: "application/json" } });
      if (!response.ok) return null;
      answer = await response.json();
    } catch {
      return null;
    }
    if (leaving()) return answer;
    const before = await known();
    if (!answer.user) {
      if (before && !before.signedOut) {
        before.signedOut = true;
        await inStore(KEYS, "known", "readwrite", (rows) => rows.put(before, "known"));
        news("signed-out");
      }
      return answer;
    }
    if (before && before.user !== answer.user) await forget(); /* the next officer on this phone */
    const keys = await Promise.all(
      answer.keys.map((hex) =>
        crypto.subtle.importKey("raw", Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16)), "AES-GCM", false, ["encrypt", "decrypt"]),
      ),
    );
    const now = { user: answer.user, posts: answer.posts, keys: keys, at: Date.now(), mark: mark() || (before && before.mark), signedOut: false };
    if (leaving()) return answer;
    await inStore(KEYS, "known", "readwrite", (rows) => rows.put(now, "known"));
    await keepNamesOf(now.posts.map((post) => post.code));
    if (!before || before.user !== now.user || before.signedOut) news("user");
    return answer;
  }

  /* The names of a kelurahan go with the post there. */
  function keepNamesOf(codes) {
    return inStore(KEYS, "names", "readwrite", (rows) => {
      rows.getAllKeys().onsuccess = (event) => event.target.result.filter((code) => !codes.includes(code)).forEach((code) => rows.delete(code));
    });
  }

  async function open() {
    let found = await known();
    if (!found || found.signedOut || (mark() && mark() !== found.mark)) {
      await ask();
      found = await known();
    }
    if (!found) return null;
    const others = (await readAll()).filter((row) => row.user !== found.user && row.sealed && row.state !== "draft");
    return { user: found.user, posts: found.posts, signedOut: found.signedOut, others: others.length };
  }

  /* ---- sealing ---- */
  async function seal(keys, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv: iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, keys[0], bytes) };
  }

  async function unseal(keys, sealed) {
    for (const key of keys) {
      try {
        return await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
      } catch {
        /* sealed under an older key, or by somebody else */
      }
    }
    return null;
  }

  const sealJson = (keys, value) => seal(keys, new TextEncoder().encode(JSON.stringify(value)));

  async function unsealJson(keys, sealed) {
    const bytes = sealed && (await unseal(keys, sealed));
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
  }

  /* ---- names for picking ---- */
  async function names(kelurahan) {
    const kept = await read(KEYS, "names", kelurahan);
    if (kept && Date.now() - kept.at < NAMES_FRESH) return kept;
    let response;
    try {
      response = await request(`/lapor/daftar/${kelurahan}.json`, { headers: kept ? { "If-None-Match": kept.etag } : {} });
    } catch {
      return kept || null;
    }
    if (response.status === 403 || response.status === 404) {
      await inStore(KEYS, "names", "readwrite", (rows) => rows.delete(kelurahan)); /* no longer theirs to see */
      return null;
    }
    if (response.status !== 304 && (!response.ok || response.redirected)) return kept || null;
    const fresh = response.status === 304 ? kept : { etag: response.headers.get("ETag"), names: (await response.json()).names };
    fresh.at = Date.now();
    if (leaving()) return null;
    await inStore(KEYS, "names", "readwrite", (rows) => rows.put(fresh, kelurahan)).catch(() => {});
    return fresh;
  }

  self.OutboxStore = {
    DATABASE, usable, OutboxError, read, readAll, within, note, write, erase, known, ask, open, request, names, news, listeners,
    seal, unseal, sealJson, unsealJson,
  };
})(self);
