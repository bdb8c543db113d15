/* The map page with script: the drawing the server made becomes a map that zooms, with the businesses whose
   owners show their place. Areas stay links, the table beside it stays the same. */
(() => {
  "use strict";
  const FEW = 40;
  const box = document.querySelector("[data-map]");
  if (!box || !window.L) return;
  const L = window.L;
  const says = box.dataset;
  const label = document.querySelector("[data-map-label]");
  const boundsOf = (text) => {
    const [west, south, east, north] = text.split(",").map(Number);
    return L.latLngBounds([south, west], [north, east]);
  };
  const all = boundsOf(says.map);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const drawing = box.querySelector("svg");

  const map = L.map(box, {
    attributionControl: false,
    boxZoom: false,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    maxBounds: all.pad(0.6),
    maxZoom: 18,
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    zoomControl: false,
    zoomSnap: 0.25,
  });
  L.control.zoom({ zoomInTitle: says.in, zoomOutTitle: says.out }).addTo(map);
  if (says.tiles) {
    const words = document.createElement("span");
    words.textContent = says.attribution;
    L.control.attribution({ prefix: false }).addAttribution(words.innerHTML).addTo(map);
    L.tileLayer(says.tiles, { maxZoom: 18, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
    box.classList.add("map-tiled");
  }
  map.fitBounds(boundsOf(says.view || says.map), { animate: false, padding: [8, 8] });
  map.setMinZoom(Math.min(map.getBoundsZoom(all), map.getZoom()) - 0.5);
  const first = map.getZoom();

  if (drawing) {
    drawing.setAttribute("preserveAspectRatio", "none");
    L.svgOverlay(drawing, all, { interactive: true }).addTo(map);
    const whole = map.getBoundsZoom(all);
    const sized = () => drawing.style.setProperty("--label", 2 ** (whole - map.getZoom()));
    map.on("zoomend", sized);
    sized();
  }

  // The wheel scrolls the page until somebody works in the map; one finger pans only where there is more to see.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  if (L.Browser.mobile) {
    const drag = () => map.dragging[map.getZoom() > first ? "enable" : "disable"]();
    map.on("zoomend", drag);
    drag();
  }
  // Letting go after a drag is no click on the area below.
  let dragged = false;
  map.on("dragstart", () => (dragged = true));
  map.on("dragend", () => setTimeout(() => (dragged = false)));
  box.addEventListener("click", (event) => dragged && event.preventDefault(), true);

  // ---- businesses ----
  const layer = L.layerGroup();
  const toggle = document.querySelector("[data-map-points]");
  let found = null;
  let asking = null;
  let drawn = null; // the zoom the points were grouped for
  let read = null; // the bounds the points were read for; null: the whole answer

  function link([, , name, slug]) {
    const a = document.createElement("a");
    a.href = found.page.replace("SLUG", encodeURIComponent(slug));
    a.textContent = name;
    return a;
  }

  function listed(items) {
    const part = document.createElement("div");
    if (items.length === 1) {
      part.append(link(items[0]));
      return part;
    }
    const head = document.createElement("strong");
    head.textContent = `${items.length} ${says.here}`;
    const list = document.createElement("ul");
    for (const item of items) {
      const line = document.createElement("li");
      line.append(link(item));
      list.append(line);
    }
    part.append(head, list);
    return part;
  }

  function pin(at, count, name) {
    const size = count > 1 ? Math.min(24 + 6 * Math.log10(count), 48) : 22;
    const text = document.createElement("span");
    const hidden = document.createElement("span");
    hidden.className = "visually-hidden";
    hidden.textContent = count > 1 ? ` ${says.here}` : name;
    if (count > 1) text.append(count.toLocaleString(document.documentElement.lang));
    text.append(hidden);
    const icon = L.divIcon({ className: count > 1 ? "pin" : "pin pin-one", html: text, iconSize: [size, size] });
    return L.marker(at, { icon, title: count > 1 ? `${count} ${says.here}` : name }).addTo(layer);
  }

  function draw() {
    drawn = map.getZoom();
    layer.clearLayers();
    for (const [lat, lon, count] of found.cells) {
      pin([lat, lon], count).on("click", () => map.setView([lat, lon], map.getZoom() + 2));
    }
    const groups = new Map();
    for (const point of found.points) {
      const { x, y } = map.project([point[0], point[1]], map.getZoom());
      const key = `${Math.round(x / 60)}:${Math.round(y / 60)}`;
      if (groups.has(key)) groups.get(key).push(point);
      else groups.set(key, [point]);
    }
    for (const items of groups.values()) {
      const mean = (at) => items.reduce((sum, item) => sum + item[at], 0) / items.length;
      const marker = pin([mean(0), mean(1)], items.length, items[0][2]);
      const spread = L.latLngBounds(items.map((item) => [item[0], item[1]]));
      const near = spread.getNorthEast().distanceTo(spread.getSouthWest()) < 25;
      if (items.length === 1 || near || map.getZoom() >= map.getMaxZoom()) {
        marker.bindPopup(() => listed(items), { maxWidth: 280, autoPanPadding: [16, 16] });
        marker.on("popupopen", (event) => {
          const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
          close.setAttribute("aria-label", says.close);
        });
      } else {
        marker.on("click", () => map.fitBounds(spread, { maxZoom: 18, padding: [40, 40] }));
      }
    }
  }

  async function ask(bounds) {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(says.points, location.href);
    if (bounds) address.searchParams.set("bbox", bounds.toBBoxString());
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      found = await answer.json();
      read = bounds;
      label.textContent = found.label;
      if (bounds === null) offer();
      draw();
    } catch (error) {
      if (error.name !== "AbortError") label.textContent = says.failed;
    }
  }

  // A whole city of pins hides the colours: they wait to be asked for, unless they are few or a part was chosen.
  function offer() {
    toggle.closest("[hidden]").hidden = found.count === 0;
    toggle.checked = found.count <= FEW || says.view !== says.map;
    toggle.addEventListener("change", shown);
    shown();
  }
  function shown() {
    if (toggle.checked) layer.addTo(map);
    else layer.remove();
  }

  let waiting = 0;
  map.on("moveend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!found) return;
      // All points are here already: only their grouping follows the zoom, and moving keeps a popup open.
      if (found.grouped || (read && !read.contains(map.getBounds()))) ask(map.getBounds().pad(0.2));
      else if (drawn !== map.getZoom()) draw();
    }, 250);
  });
  ask(null);
})();
