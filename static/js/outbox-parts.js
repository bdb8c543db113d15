/* Pieces of the field pages' forms: a photo made small, the place, picking a business from the cached names.

     OutboxParts.shrink(file)                     a JPEG Blob of at most 300 KB; rejects with {code: "heic" |
                                                  "large" | "unreadable"}, words: OutboxPage.word("photo-" + code)
     OutboxParts.place(button, done)              asks the phone where it is; done({latitude, longitude,
                                                  accuracy_m}) or done(null, "denied" | "lost")
     OutboxParts.matches(names, text)             the businesses whose name or number of RW fit, best first
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
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();

  function matches(names, text) {
    const asked = fold(text).split(" ").filter(Boolean);
    if (!asked.length) return [];
    const found = [];
    for (const row of names) {
      row.folded = row.folded || ` ${fold(row.name)}`;
      if (asked.every((part) => row.folded.includes(part))) {
        const starts = asked.filter((part) => row.folded.includes(` ${part}`)).length;
        found.push([-starts, row.folded, row]);
      }
    }
    return found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)).map((each) => each[2]);
  }

  window.OutboxParts = { shrink, place, matches, fold };
})();
