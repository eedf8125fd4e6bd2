/* Names of provinces and towns where they hide least, and rank marks side by side, each with a thin line to its true place. */
const LABEL = { letter: 6.3, half: 7, steps: 14, margin: 3, gaps: [6, 11], remark: 110 };
const RINGS = [0, 27, 40, 54, 68, 82];
const OFFSETS = RINGS.flatMap((radius) => Array.from({ length: radius ? 12 : 1 }, (_, at) => {
  const turn = (at % 2 ? -1 : 1) * Math.ceil(at / 2) * (Math.PI / 6) - Math.PI / 2;
  return [Math.round(radius * Math.cos(turn)), Math.round(radius * Math.sin(turn))];
}));

/* Two marks, given by centre and half width and height, do not touch. */
function apart(one, other, gap) {
  return Math.abs(one.x - other.x) >= one.w + other.w + gap || Math.abs(one.y - other.y) >= one.h + other.h + gap;
}

function boxAt(map, at, w, h) {
  const point = map.latLngToContainerPoint(at);
  return { x: point.x, y: point.y, w, h: h === undefined ? w : h };
}

/* The best rank keeps its place; each next one takes the nearest free spot round its own. */
function spreadRanks(map) {
  layers.leaders.clearLayers();
  const ports = portBoxes(map);
  const room = map.getSize();
  const inRoom = (box) => box.x >= box.w && box.y >= box.h && box.x + box.w <= room.x && box.y + box.h <= room.y;
  const placed = [];
  for (const entry of layers.ranked) {
    const home = boxAt(map, entry.at, entry.size / 2, 12);
    const free = ([dx, dy]) => {
      const box = { ...home, x: home.x + dx, y: home.y + dy };
      return placed.every((other) => apart(box, other, 2)) && (!dx && !dy || (ports.every((other) => apart(box, other, 2)) && (!inRoom(home) || inRoom(box))));
    };
    const [dx, dy] = OFFSETS.find(free) || [0, 0];
    placed.push({ ...home, x: home.x + dx, y: home.y + dy });
    moveMark(map, entry, dx, dy);
  }
  layers.boxes = placed;
}

function moveMark(map, { marker, at, size }, dx, dy) {
  const node = marker.getElement();
  node.style.marginLeft = dx - size / 2 + "px";
  node.style.marginTop = dy - 12 + "px";
  marker.options.icon.options.popupAnchor = [dx, dy];
  if (!dx && !dy) return;
  const point = map.latLngToContainerPoint(at);
  const there = map.containerPointToLatLng([point.x + dx, point.y + dy]);
  L.polyline([at, there], { pane: "leaders", className: "leader", interactive: false }).addTo(layers.leaders);
  L.circleMarker(at, { pane: "leaders", className: "leader-dot", radius: 2.5, interactive: false }).addTo(layers.leaders);
}

function portBoxes(map) {
  return [...store.ports.values()].filter((port) => port.role_code.startsWith("origin") && known(port.lat)).map((port) => boxAt(map, [port.lat, port.lon], 9));
}

/* Everything on the map that a name could hide behind. */
function obstacles(map) {
  const deposits = [...store.deposits.values()].map((one) => boxAt(map, [one.lat, one.lon], depositRadius(one) + 2));
  const sites = store.sites.map((one) => boxAt(map, [one.lat, one.lon], 6));
  return [...deposits, ...sites, ...portBoxes(map), ...layers.boxes, ...overlays(map)];
}

/* What lies over the map: the legend's button, the card of the way, the scale buttons. */
function overlays(map) {
  const ground = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll("#legend, #sea, .leaflet-control-zoom")].map((node) => node.getBoundingClientRect()).filter((box) => box.width)
    .map((box) => ({ x: box.x + box.width / 2 - ground.x, y: box.y + box.height / 2 - ground.y, w: box.width / 2, h: box.height / 2 }));
}

function contains(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let at = 0, last = ring.length - 1; at < ring.length; last = at, at += 1) {
      const [a, b] = [ring[at], ring[last]];
      if ((a.y > y) !== (b.y > y) && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
    }
  }
  return odd;
}

/* Half width and height of a province's name; a remark stands below that of a disputed one. */
function nameSize(shape) {
  const width = LABEL.letter * shape.name.length;
  return shape.disputed ? [Math.max(width, LABEL.remark) / 2, 2 * LABEL.half] : [width / 2, LABEL.half];
}

/* The spot inside a province where its name meets the fewest marks; of equals, the one nearest to the middle. */
function bestSpot(map, shape, taken) {
  const rings = shape.paths.map((ring) => ring.map((at) => map.latLngToContainerPoint(at)));
  const xs = rings.flat().map((point) => point.x);
  const ys = rings.flat().map((point) => point.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const [w, h] = nameSize(shape);
  const middle = map.latLngToContainerPoint(shape.at);
  let best = { cost: Infinity, x: middle.x, y: middle.y };
  for (let row = 1; row < LABEL.steps; row += 1) {
    for (let column = 1; column < LABEL.steps; column += 1) {
      const box = { x: left + (width * column) / LABEL.steps, y: top + (height * row) / LABEL.steps, w, h };
      const outside = [[-w, -h], [w, -h], [-w, h], [w, h]].filter(([dx, dy]) => !contains(rings, box.x + dx, box.y + dy)).length;
      const covered = taken.filter((other) => !apart(box, other, LABEL.margin)).length;
      const cost = 3 * outside + 2 * covered + Math.hypot(box.x - middle.x, box.y - middle.y) / (width + height);
      if (cost < best.cost) best = { cost, x: box.x, y: box.y, clear: !covered && outside < 2 };
    }
  }
  return { ...best, shown: best.clear && width >= 7 * shape.name.length };
}

/* A name is shown where its province has room for it clear of marks. */
function fitLabels(map) {
  const taken = obstacles(map);
  for (const [shape, marker] of drawn.labels) {
    const spot = bestSpot(map, shape, taken);
    marker.setLatLng(map.containerPointToLatLng([spot.x, spot.y]));
    marker.getElement().hidden = !spot.shown;
    const [w, h] = nameSize(shape);
    if (spot.shown) taken.push({ x: spot.x, y: spot.y, w, h });
  }
  fitTowns(map, taken);
}

function sidesOf(dx, dy) {
  return [[dx, 0], [-dx, 0], [0, -dy], [0, dy], [dx, -dy], [-dx, -dy], [dx, dy], [-dx, dy]];
}

/* The name of a town stands beside its dot, in the nearest spot that is clear; the largest town chooses first. */
function fitTowns(map, taken) {
  for (const [town, marker] of drawn.towns) {
    const at = map.latLngToContainerPoint([town.lat, town.lon]);
    const w = (LABEL.letter * town.name.length) / 2;
    const side = LABEL.gaps.flatMap((gap) => sidesOf(w + gap, LABEL.half + gap)).find(([dx, dy]) => taken.every((other) => apart({ x: at.x + dx, y: at.y + dy, w, h: LABEL.half }, other, 1)));
    marker.getElement().hidden = !side;
    if (!side) continue;
    const [dx, dy] = side;
    taken.push({ x: at.x + dx, y: at.y + dy, w, h: LABEL.half });
    const name = marker.getElement().querySelector("b");
    name.style.left = dx + "px";
    name.style.top = dy + "px";
  }
}
