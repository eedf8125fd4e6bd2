/* What on the map follows the case and the choice: sites with their ranks, the haul of the chosen alternative. */
const TOP = 10;
const layers = { map: null, places: null, hauls: null, leaders: null, markers: new Map(), ranked: [], boxes: [], touched: false };

/* Places of the ten best rows that stand on the map; a place shared by several shows the best rank. */
function bestPlaces() {
  const rows = rankedRows().filter((row) => standsOnMap(row)).slice(0, TOP);
  return groupBy(rows, (row) => store.alternatives.get(row.alternative).place_id);
}

function standsOnMap(row) {
  const about = store.alternatives.get(row.alternative);
  return Boolean(about) && about.kind === "plant" && known(about.lat) && known(about.lon);
}

function startPlaces(map) {
  layers.map = map;
  layers.hauls = L.layerGroup().addTo(map);
  layers.places = L.layerGroup().addTo(map);
  layers.leaders = L.layerGroup().addTo(map);
  map.on("zoomend", settleMarks);
  ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) => map.getContainer().addEventListener(name, () => { layers.touched = true; }, { passive: true }));
  map.on("popupopen", (event) => { const close = event.popup.getElement().querySelector(".leaflet-popup-close-button"); if (close) close.setAttribute("aria-label", t("Close this card")); });
}

/* After a change of scale or of ranks: marks side by side, names clear of them. */
function settleMarks() {
  spreadRanks(layers.map);
  fitLabels(layers.map);
}

/* A map whose room has changed shows the whole study again, unless the reader has moved it or chosen a row. */
function fitRoom() {
  layers.map.invalidateSize({ animate: false });
  if (layers.touched) return;
  const row = rowOf(state.chosen);
  if (row && standsOnMap(row)) showChosen();
  else goHome(layers.map);
}

function drawPlaces() {
  layers.map.closePopup();
  layers.places.clearLayers();
  layers.markers.clear();
  movePlaces();
  settleMarks();
}

/* Draw the marks whose rank is not the one drawn, and tell whether any was. */
function movePlaces() {
  const best = bestPlaces();
  const wanted = new Map(store.sites.map((site) => [site.site_id, { at: [site.lat, site.lon], rank: "", name: site.name, card: () => plainSiteCard(site) }]));
  for (const [placeId, rows] of best) {
    const about = store.alternatives.get(rows[0].alternative);
    wanted.set(placeId, { at: [about.lat, about.lon], rank: String(rows[0].rank), name: about.name, card: () => rankedCard(placeId, about.name) });
  }
  const stale = [...layers.markers].filter(([placeId, held]) => !wanted.has(placeId) || wanted.get(placeId).rank !== held.rank);
  stale.forEach(([placeId, held]) => { layers.places.removeLayer(held.marker); layers.markers.delete(placeId); });
  const fresh = [...wanted].filter(([placeId]) => !layers.markers.has(placeId));
  fresh.forEach(([placeId, mark]) => drawSquare(placeId, mark));
  layers.ranked = [...best.keys()].map((placeId) => layers.markers.get(placeId));
  return Boolean(stale.length || fresh.length);
}

function drawSquare(placeId, { at, rank, name, card }) {
  const words = rank ? name + ", rank " + rank : name;
  const size = rank ? (rank.length > 2 ? 30 : 24) : 10;
  const html = el("span", { class: "site-mark" + (rank ? " ranked" : ""), "data-place": placeId }, rank);
  const icon = L.divIcon({ className: "site", html, iconSize: [size, rank ? 24 : 10] });
  const marker = L.marker(at, { icon, pane: "places", title: words, alt: words, keyboard: Boolean(rank), zIndexOffset: rank ? 1000 - Number(rank) : 0 });
  marker.bindPopup(card, { maxWidth: 300, autoPanPadding: [24, 24] });
  layers.places.addLayer(marker);
  layers.markers.set(placeId, { marker, at, size, rank });
  if (rank && marker.getElement()) marker.getElement().setAttribute("aria-label", words);
}

function alternativesAt(placeId) {
  return caseRows().filter((row) => (store.alternatives.get(row.alternative) || {}).place_id === placeId && standsOnMap(row));
}

function rankedCard(placeId, name) {
  const rows = alternativesAt(placeId);
  const site = store.sites.find((one) => one.site_id === placeId);
  return el("div", { class: "card" },
    el("h4", { text: name }),
    el("p", { class: "muted" }, site ? [site.kind, plainWords(site.status_code), site.district].filter(Boolean).join(", ") : "at the deposit"),
    el("ul", { class: "card-rows" }, rows.slice(0, 6).map((row) => cardRow(row))),
    rows.length > 6 ? el("p", { class: "muted" }, count(rows.length - 6, "more alternative here", "more alternatives here") + ": see the table") : null);
}

function cardRow(row) {
  const { about, dependency } = aboutRow(row);
  const facts = [known(row.rank) ? "score " + fixed(row.score, 2) : statusWords(row), "exposure " + fixed(dependency.d_rel, 2), "freight " + figure(deliveredFreight(row), "USD/t")];
  const pick = () => change({ chosen: row.alternative, tab: "why" });
  return el("li", null, el("button", { type: "button", class: "card-pick", onclick: pick },
    el("span", { class: "card-rank" }, known(row.rank) ? String(row.rank) : "\u2013"),
    el("span", null, el("strong", { text: about.product }), el("span", { class: "muted small" }, facts.join(" \u00b7 ")))));
}

function plainSiteCard(site) {
  const rows = alternativesAt(site.site_id);
  return el("div", { class: "card" },
    el("h4", { text: site.name }),
    el("p", { class: "muted" }, [site.kind, plainWords(site.status_code), site.district].filter(Boolean).join(", ")),
    rows.length ? el("ul", { class: "card-rows" }, rows.slice(0, 6).map((row) => cardRow(row)))
      : el("p", null, "None of the rows shown for this partner stands here; the tables beside this page hold all."),
    factList([[t("Firm power"), known(site.power_firm_mw) ? figure(site.power_firm_mw, "MW") : t("unknown")], [t("Source"), site.source_id, site.confidence ? site.confidence + " confidence" : ""]]));
}

/* Straight lines deposit -> place -> port. The network's legs have no drawn course: the lines are indicative. */
function drawHauls() {
  layers.hauls.clearLayers();
  const row = rowOf(state.chosen);
  const about = row ? store.alternatives.get(row.alternative) : null;
  const feeds = row ? ids(aboutRow(row).economics.feed_deposit_ids) : [];
  drawn.deposits.forEach((marker, id) => { const node = marker.getElement(); if (node) node.classList.toggle("faded", Boolean(feeds.length) && !feeds.includes(id)); });
  layers.markers.forEach(({ marker }, id) => { const node = marker.getElement(); if (node) node.classList.toggle("chosen", Boolean(about) && id === about.place_id); });
  drawSea(row);
  if (!row || !standsOnMap(row)) return;
  const here = [about.lat, about.lon];
  for (const id of feeds) {
    const deposit = store.deposits.get(id);
    if (deposit) haulLine([[deposit.lat, deposit.lon], here], "haul feed");
  }
  const port = store.ports.get(viaPort(row));
  if (port && known(port.lat)) haulLine([here, [port.lat, port.lon]], "haul onward");
}

function haulLine(points, className) {
  L.polyline(points, { pane: "hauls", className: "haul-halo", interactive: false }).addTo(layers.hauls);
  L.polyline(points, { pane: "hauls", className, interactive: false }).addTo(layers.hauls);
}

function viaPort(row) {
  const { about, delivered } = aboutRow(row);
  return (delivered && delivered.via_port_id) || about.port_id;
}

/* The part of the way that the map has no room for. */
function drawSea(row) {
  const box = byId("sea");
  const delivered = row ? aboutRow(row).delivered : null;
  box.hidden = !delivered;
  if (!delivered) return;
  const from = store.ports.get(delivered.via_port_id);
  const to = store.ports.get(delivered.destination_id);
  put(box, 
    el("strong", null, "To " + (to ? to.name : delivered.destination_id)),
    el("span", null, [from ? "over " + from.name : "", known(delivered.sea_km) ? figure(delivered.sea_km, "km by sea") : "", days(delivered.hours), figure(delivered.usd_per_t, "USD/t") + " in all"].filter(Boolean).join(" \u00b7 ")),
    el("span", { class: "muted" }, "lines on the map are straight and indicative"));
}

function showChosen() {
  const row = rowOf(state.chosen);
  if (!row || !standsOnMap(row)) return;
  const about = store.alternatives.get(row.alternative);
  const points = ids(aboutRow(row).economics.feed_deposit_ids).map((id) => store.deposits.get(id)).filter(Boolean).map((one) => [one.lat, one.lon]);
  const port = store.ports.get(viaPort(row));
  if (port && known(port.lat)) points.push([port.lat, port.lon]);
  const bounds = L.latLngBounds([[about.lat, about.lon], ...points]);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!layers.map.getBounds().pad(-0.05).contains(bounds)) layers.map.fitBounds(bounds.pad(0.15), { maxZoom: 8, animate: !calm });
}
