/* The ground of the map: water, relief, boundaries, towns, links, deposits, ports. Drawn once; nothing is fetched. */
const MAP_WORDS = {
  openRoad: "open road", openRail: "open railway", shut: "closed, planned or under construction", port: "port",
  disputed: "disputed line, simplified", water: "river or lake", town: "larger town, to find one's way", hollow: "hollow: no published tonnage", halo: "dashed ring: place known only this well, true scale",
  best: "site, with the rank of its best alternative; a thin line leads to its place where marks would hide each other", site: "other candidate site", haul: "haul of the chosen alternative: straight line, indicative",
  captive: "bar: feed captive to another operator", contested: "half filled: feed contested or committed",
};
const drawn = { deposits: new Map(), labels: [], towns: [] };

function makeMap() {
  const map = L.map("map", { attributionControl: false, zoomControl: false, zoomSnap: 0.25, minZoom: 4, maxZoom: 12, keyboard: true });
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  [["land", 200], ["water", 205], ["relief", 210], ["boundaries", 220], ["links", 300], ["towns", 310], ["halos", 350], ["hauls", 420], ["closures", 430], ["deposits", 450], ["leaders", 490], ["places", 500]].forEach(([name, z]) => {
    map.createPane(name).style.zIndex = z;
  });
  ["land", "water", "relief", "boundaries", "links", "towns", "halos", "closures", "leaders"].forEach((name) => { map.getPane(name).style.pointerEvents = "none"; });
  drawGround(map);
  drawLinks(map);
  unpack(DATA.map.towns).forEach((town) => drawn.towns.push([town, drawTown(map, town)]));
  store.deposits.forEach((deposit) => drawDeposit(map, deposit));
  store.ports.forEach((port) => { if (port.role_code.startsWith("origin") && known(port.lat)) drawPort(map, port); });
  goHome(map);
  map.setMaxBounds((frameBounds() || homeBounds()).pad(0.25));
  return map;
}

/* The whole study in view, clear of the map's edges. */
function goHome(map) {
  map.fitBounds(homeBounds(), { padding: [20, 20], animate: false });
}

function homeBounds() {
  const points = [...store.sites, ...store.deposits.values()].filter((one) => known(one.lat)).map((one) => [one.lat, one.lon]);
  return points.length ? L.latLngBounds(points).pad(0.03) : L.latLngBounds([[-60, -180], [75, 180]]);
}

function drawShapes(map, shapes, pane, className) {
  for (const shape of shapes) {
    L.polygon(shape.paths, { pane, className, interactive: false, smoothFactor: 0.6 }).addTo(map);
  }
}

function drawLines(map, lines, pane, className) {
  if (lines.length) L.polyline(lines, { pane, className, interactive: false, smoothFactor: 0.6 }).addTo(map);
}

/* The frame of what we hold: inside is sea unless drawn otherwise, outside is no map. */
function frameBounds() {
  if (DATA.map.relief) return L.latLngBounds(DATA.map.relief.bounds);
  const paths = [...DATA.map.neighbours, ...DATA.map.provinces].flatMap((shape) => shape.paths);
  return paths.length ? L.latLngBounds(paths.flat()) : null;
}

function drawGround(map) {
  const frame = frameBounds();
  if (frame) L.rectangle(frame, { pane: "land", className: "sea-ground", interactive: false }).addTo(map);
  drawShapes(map, DATA.map.neighbours, "land", "neighbour");
  drawShapes(map, DATA.map.provinces, "land", "land");
  drawLines(map, DATA.map.rivers, "water", "river");
  drawShapes(map, DATA.map.lakes, "water", "lake");
  if (DATA.map.relief) L.imageOverlay(DATA.map.relief.url, DATA.map.relief.bounds, { pane: "relief", interactive: false, alt: "" }).addTo(map);
  drawShapes(map, DATA.map.provinces, "boundaries", "province");
  drawLines(map, DATA.map.disputed, "boundaries", "disputed-ground");
  drawLines(map, DATA.map.disputed, "boundaries", "disputed");
  if (frame) maskOutside(map, frame);
  for (const shape of DATA.map.provinces) if (shape.name) drawn.labels.push([shape, label(map, shape.at, provinceWords(shape), "ground-label")]);
}

function maskOutside(map, frame) {
  const world = [[-85, -179], [-85, 179], [85, 179], [85, -179]];
  const hole = [frame.getSouthWest(), frame.getNorthWest(), frame.getNorthEast(), frame.getSouthEast()];
  L.polygon([world, hole], { pane: "boundaries", className: "frame-mask", interactive: false }).addTo(map);
}

function provinceWords(shape) {
  return shape.disputed ? [shape.name, el("small", null, "disputed, simplified")] : shape.name;
}

function label(map, at, text, className) {
  const icon = L.divIcon({ className, html: el("span", null, text), iconSize: [0, 0] });
  return L.marker(at, { icon, pane: "boundaries", interactive: false, keyboard: false }).addTo(map);
}

/* A dot and a name; labels.js chooses the side, or hides both. */
function drawTown(map, town) {
  const icon = L.divIcon({ className: "town", html: el("span", null, el("i"), el("b", { text: town.name })), iconSize: [0, 0] });
  return L.marker([town.lat, town.lon], { icon, pane: "towns", interactive: false, keyboard: false }).addTo(map);
}

function drawLinks(map) {
  for (const link of unpack(DATA.map.links)) {
    if (link.mode !== "road" && link.mode !== "rail") continue;
    const line = [[link.from_lat, link.from_lon], [link.to_lat, link.to_lon]];
    const name = link.open === "open" ? link.mode : "shut";
    L.polyline(line, { pane: "links", className: "link " + name, interactive: false }).addTo(map);
    if (name === "rail") L.polyline(line, { pane: "links", className: "link rail-ticks", interactive: false }).addTo(map);
  }
}

function depositRadius(deposit) {
  const tonnes = deposit.tonnage_million_t_mode ?? deposit.tonnage_million_t_high ?? deposit.tonnage_million_t_low;
  if (!known(tonnes)) return 5.5;
  return [1, 10, 100].reduce((radius, bound) => radius + (tonnes >= bound ? 1.5 : 0), 5.5);
}

function depositMark(deposit, radius) {
  const group = store.groups.get(deposit.group);
  const hollow = !["tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high"].some((name) => known(deposit[name]));
  const size = 2 * radius + 4;
  const c = size / 2;
  const feed = deposit.feed_available;
  const half = ["contested", "committed"].includes(feed);
  const mark = svg("svg", { width: size, height: size, viewBox: "0 0 " + size + " " + size, class: "deposit-mark" },
    svg("circle", { cx: c, cy: c, r: radius + 1, class: "mark-ground" }),
    svg("circle", { cx: c, cy: c, r: radius, fill: hollow || half ? "var(--mark-paper)" : group.colour, stroke: group.colour, "stroke-width": 2, class: "mark-ring" }));
  if (half) mark.append(svg("path", { d: "M" + c + " " + (c - radius) + " A" + radius + " " + radius + " 0 0 0 " + c + " " + (c + radius) + " Z", fill: group.colour }));
  mark.append(svg("text", { x: c, y: c, fill: hollow || half ? "var(--mark-ink)" : group.ink, class: "mark-letter" }, group.letter));
  if (feed === "captive") mark.append(svg("line", { x1: 1, y1: c, x2: size - 1, y2: c, class: "mark-bar" }));
  return mark;
}

function drawDeposit(map, deposit) {
  const radius = depositRadius(deposit);
  const icon = L.divIcon({ className: "deposit", html: depositMark(deposit, radius), iconSize: [2 * radius + 4, 2 * radius + 4] });
  const marker = L.marker([deposit.lat, deposit.lon], { icon, pane: "deposits", keyboard: false, alt: deposit.name }).addTo(map);
  marker.bindPopup(() => depositCard(deposit), { maxWidth: 280 });
  drawn.deposits.set(deposit.deposit_id, marker);
  if (known(deposit.coord_accuracy_km) && deposit.coord_accuracy_km >= 10) {
    L.circle([deposit.lat, deposit.lon], { pane: "halos", className: "halo", radius: deposit.coord_accuracy_km * 1000, interactive: false }).addTo(map);
  }
}

function depositCard(deposit) {
  const historical = deposit.historical_estimate === "true" ? store.names.historical : "";
  const tonnage = range(deposit.tonnage_million_t_low ?? deposit.tonnage_million_t_mode, deposit.tonnage_million_t_high ?? deposit.tonnage_million_t_mode, "million t");
  const where = [deposit.district, known(deposit.coord_accuracy_km) ? "place known to " + figure(deposit.coord_accuracy_km, "km") : "accuracy of the place unknown"];
  return el("div", { class: "card" },
    el("h4", { text: deposit.name }),
    el("p", { class: "muted" }, deposit.commodity + " deposit, " + where.filter(Boolean).join(", ")),
    factList([
      [t("Published tonnage"), tonnage, historical],
      [t("Grade"), known(deposit.grade_value) ? figure(deposit.grade_value, deposit.grade_unit) : t("unknown")],
      [t("Standing"), plainWords(deposit.status_code) || t("unknown")],
      [t("Feed"), plainWords(deposit.feed_available) || "nobody we could name holds it"],
      [t("Source"), deposit.source_id, deposit.confidence ? deposit.confidence + " confidence" : ""],
    ]));
}

function drawPort(map, port) {
  const mark = svg("svg", { width: 18, height: 16, viewBox: "0 0 18 16", class: "port-mark" }, svg("path", { d: "M9 1.5 L16.5 14.5 L1.5 14.5 Z" }));
  const icon = L.divIcon({ className: "port", html: mark, iconSize: [18, 16] });
  const marker = L.marker([port.lat, port.lon], { icon, pane: "places", keyboard: false, alt: port.name }).addTo(map);
  marker.bindPopup(() => portCard(port), { maxWidth: 280 });
  marker.bindTooltip(el("span", { text: port.name }), { direction: "bottom", offset: [0, 8], className: "tip" });
}

function portCard(port) {
  return el("div", { class: "card" },
    el("h4", { text: port.name }), el("p", { class: "muted" }, "port, " + port.country),
    factList([
      [t("Draft"), range(port.draft_m_low, port.draft_m_high, "m"), port.draft_note],
      [t("Bulk terminal"), plainWords(port.bulk_terminal) || t("unknown")],
      [t("Operator"), port.operator || t("unknown")],
      [t("Source"), port.source_id],
    ]));
}

/* The legend uses the same words as the cards and the same marks as the map. */
function legendRow(mark, words) {
  return el("li", null, el("span", { class: "legend-mark", "aria-hidden": "true" }, mark), el("span", null, words));
}

function lineMark(...names) {
  return svg("svg", { width: 28, height: 12, viewBox: "0 0 28 12" }, names.map((name) => svg("line", { x1: 1, y1: 6, x2: 27, y2: 6, class: name })));
}

function drawLegend() {
  const present = new Set([...store.deposits.values()].map((deposit) => deposit.group));
  const sample = (facts) => depositMark({ group: DATA.groups[0].id, feed_available: "", ...facts }, 6);
  const square = (className, text) => el("span", { class: className }, text);
  const items = [
    ...DATA.groups.filter((group) => present.has(group.id)).map((group) => legendRow(depositMark({ group: group.id, feed_available: "", tonnage_million_t_mode: 1 }, 6), group.label + " deposit")),
    legendRow(sample({}), MAP_WORDS.hollow),
    legendRow(sample({ tonnage_million_t_mode: 1, feed_available: "captive" }), MAP_WORDS.captive),
    legendRow(sample({ tonnage_million_t_mode: 1, feed_available: "contested" }), MAP_WORDS.contested),
    legendRow(svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18" }, svg("circle", { cx: 9, cy: 9, r: 7, class: "halo" })), MAP_WORDS.halo),
    legendRow(square("site-mark ranked", "1"), MAP_WORDS.best),
    legendRow(square("site-mark", ""), MAP_WORDS.site),
    legendRow(svg("svg", { width: 18, height: 16, viewBox: "0 0 18 16", class: "port-mark" }, svg("path", { d: "M9 1.5 L16.5 14.5 L1.5 14.5 Z" })), MAP_WORDS.port),
    legendRow(lineMark("link road"), MAP_WORDS.openRoad),
    legendRow(lineMark("link rail", "link rail-ticks"), MAP_WORDS.openRail),
    legendRow(lineMark("link shut"), MAP_WORDS.shut),
    DATA.map.disputed.length ? legendRow(lineMark("disputed"), MAP_WORDS.disputed) : null,
    DATA.map.rivers.length ? legendRow(lineMark("river"), MAP_WORDS.water) : null,
    DATA.map.towns.length ? legendRow(el("span", { class: "town-mark" }), MAP_WORDS.town) : null,
    legendRow(lineMark("haul"), MAP_WORDS.haul),
    shut.list.length ? legendRow(lineMark("cut"), CLOSURE_WORDS.cut) : null,
    shut.list.length ? legendRow(lineMark("way-round"), CLOSURE_WORDS.round) : null,
  ];
  put(byId("legend-body"), el("ul", null, items), el("p", { class: "muted" }, "A larger circle means more published tonnage: under 1, 1 to 10, 10 to 100, over 100 million t."));
  byId("legend").open = window.matchMedia("(min-width: 1800px) and (min-height: 900px)").matches;
}
