/* Pieces of the field pages' forms: a photo made small, the place, picking a business from the cached names.

     OutboxParts.shrink(file)                     a JPEG Blob of at most 300 KB; rejects with {code: "heic" |
                                                  "large" | "unreadable"}, words: OutboxPage.word("photo-" + code)
     OutboxParts.place(button, done)              asks the phone where it is; done({latitude, longitude,
                                                  accuracy_m}) or done(null, "denied" | "lost")
     OutboxParts.matches(names, text)             the businesses whose name fits, best first: as typed, as it
                                                  sounds ("kripik" is Keripik), and, where none does, with a
                                                  letter wrong; "bu" or "pak" may be missing
     OutboxParts.sound(word)                      what registry/search/sound.py makes of a folded word
     OutboxParts.fold(text)                       lowercase letters and digits, for comparing */
(function () {
  "use strict";
  const LIMIT = 300 * 1024;
  const LARGEST = 40 * 1024 * 1024; /* bytes; what is larger no phone opens in a page without trouble */
  const HEIC = /^(heic|heix|hevc|heim|heis|mif1|msf1)$/;

  class PhotoError extends Error {
    constructor(code) {
      super(code);
      this.code = code;
    }
  }

  /* An iPhone's HEIC by its first bytes: browsers that cannot show it say nothing better than "no". */
  async function isHeic(file) {
    const start = new Uint8Array(await file.slice(4, 12).arrayBuffer());
    const text = String.fromCharCode(...start);
    return text.startsWith("ftyp") && HEIC.test(text.slice(4));
  }

  const jpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

  async function shrink(file) {
    if (!file || !file.size) throw new PhotoError("unreadable");
    if (file.size >= LARGEST) throw new PhotoError("large");
    let image;
    try {
      image = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      throw new PhotoError((await isHeic(file)) ? "heic" : "unreadable");
    }
    try {
      for (const edge of [1600, 1280, 1024, 800, 640]) {
        const scale = Math.min(1, edge / Math.max(image.width, image.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.width * scale));
        canvas.height = Math.max(1, Math.round(image.height * scale));
        const paper = canvas.getContext("2d");
        paper.fillStyle = "#fff";
        paper.fillRect(0, 0, canvas.width, canvas.height);
        paper.drawImage(image, 0, 0, canvas.width, canvas.height);
        for (const quality of [0.8, 0.65, 0.5]) {
          const small = await jpeg(canvas, quality);
          if (small && small.size <= LIMIT) return small;
        }
      }
    } finally {
      image.close();
    }
    throw new PhotoError("unreadable");
  }

  function place(button, done) {
    button.disabled = true;
    const end = (found, why) => {
      button.disabled = false;
      done(found, why);
    };
    if (!navigator.geolocation) return end(null, "lost");
    navigator.geolocation.getCurrentPosition(
      (found) =>
        end({
          latitude: found.coords.latitude.toFixed(6),
          longitude: found.coords.longitude.toFixed(6),
          accuracy_m: Math.round(found.coords.accuracy),
        }),
      (problem) => end(null, problem.code === 1 ? "denied" : "lost"),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 },
    );
    return undefined;
  }

  const fold = (text) =>
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/(\w)['’‘`ʼ](?=\w)/g, "$1")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();

  const HONORIFICS = Object.create(null);
  for (const line of ["bu ibu ib", "pak bapak pk bp bpk", "mbak mba mb", "haji h hj hajah hajjah"]) {
    for (const form of line.split(" ")) HONORIFICS[form] = line.split(" ")[0];
  }
  for (const form of "mas cak ning mbah bunda abah neng".split(" ")) HONORIFICS[form] = form;
  const SPELLINGS = "oe>u dj>j tj>c ph>f v>f y>i c>k ou>o au>o".split(" ").map((pair) => pair.split(">"));

  function sound(word) {
    if (HONORIFICS[word]) return HONORIFICS[word];
    const key = SPELLINGS.reduce((text, [old, now]) => text.split(old).join(now), word);
    return key.replace(/([a-z])\1+/g, "$1").replace(/([a-z])e(?=[lr])/g, "$1").slice(0, 40);
  }

  /* Whether two keys differ by one letter: added, dropped, replaced, or two neighbours swapped. */
  function near(one, two) {
    let at = 0;
    while (at < one.length && one[at] === two[at]) at += 1;
    const [a, b] = [one.slice(at), two.slice(at)];
    const swapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
    return swapped || a.slice(1) === b.slice(1) || a === b.slice(1) || a.slice(1) === b;
  }

  /* How a word fits a name: 4 begins one of its words, 3 stands in it, 2 sounds so, 1 but for a letter, or 0. */
  function fit(row, word, key, mistyped) {
    if (row.folded.includes(` ${word}`)) return 4;
    if (row.folded.includes(word)) return 3;
    if (key.length > 2 && row.sounds.includes(key)) return 2;
    if (!mistyped || key.length < 4) return 0;
    const begins = (other) => [-1, 0, 1].some((more) => near(other.slice(0, key.length + more), key));
    return row.keys.some(begins) ? 1 : 0;
  }

  function matches(names, text) {
    const asked = fold(text).split(" ").filter(Boolean);
    const keys = asked.map(sound);
    for (const row of names) {
      if (row.folded) continue;
      row.folded = ` ${fold(row.name)}`;
      row.keys = row.folded.trim().split(" ").map(sound);
      row.sounds = row.keys.join("");
    }
    for (const mistyped of [false, true]) {
      const found = [];
      for (const row of names) {
        const fits = asked.map((word, n) => fit(row, word, keys[n], mistyped));
        if (fits.every((each, n) => each || HONORIFICS[asked[n]]) && fits.some(Boolean)) {
          found.push([fits.reduce((sum, each) => sum - each, 0), row.folded, row]);
        }
      }
      if (found.length) return found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)).map((each) => each[2]);
    }
    return [];
  }

  window.OutboxParts = { shrink, place, matches, sound, fold };
})();
