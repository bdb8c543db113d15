/* The service worker of /lapor/: the shells of the field pages open without signal, and what waits is sent
   when the browser says there is signal again. Its list, SHELL, stands before it (registry/reports/shell.py):
   {version, pages: {"/lapor/…/": "/lapor/kerangka/…/"}, files: [addresses of scripts, styles, icons]}.

   A shell is the page without anything of anybody: no name, no post, no token. It comes from the cache
   always, and is replaced as a whole when the version changes. `?biasa` in an address asks the portal. */
/* global SHELL, Outbox */
(function () {
  "use strict";
  const PREFIX = "umkm-lapor-";
  const CACHE = PREFIX + SHELL.version;

  self.addEventListener("install", (event) => {
    const wanted = [
      ...Object.values(SHELL.pages).map((url) => new Request(url, { credentials: "omit", cache: "no-cache" })),
      ...SHELL.files.map((url) => new Request(url)),
    ];
    event.waitUntil(keep(wanted).then(() => self.skipWaiting()));
  });

  /* A lost line gives up, and the browser tries again at the next visit. One page that the portal cannot
     serve does not keep the others from working. */
  async function keep(wanted) {
    const cache = await caches.open(CACHE);
    await Promise.all(
      wanted.map((request) => fetch(request).then((answer) => (answer.ok && !answer.redirected ? cache.put(request.url, answer) : null))),
    );
  }

  self.addEventListener("activate", (event) => {
    const old = (name) => name.startsWith(PREFIX) && name !== CACHE;
    event.waitUntil(
      caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
    );
  });

  const kept = (url, request) => caches.open(CACHE).then((cache) => cache.match(url)).then((found) => found || fetch(request));

  self.addEventListener("fetch", (event) => {
    const request = event.request;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      const shell = SHELL.pages[url.pathname];
      if (shell && !url.searchParams.has("biasa")) event.respondWith(kept(shell, request));
    } else if (SHELL.files.includes(url.pathname)) event.respondWith(kept(url.pathname, request));
  });

  self.addEventListener("sync", (event) => {
    if (event.tag !== Outbox.SYNC) return;
    /* Rejecting asks the browser to try again later. */
    event.waitUntil(
      Outbox.send().then((run) => {
        if (run.state === "offline" || run.state === "later") throw new Error(run.state);
      }),
    );
  });
})();
