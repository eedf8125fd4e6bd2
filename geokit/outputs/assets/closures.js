/* What if a corridor closes: its links on the map, the way round of the chosen alternative, whom it cuts off, which ranks move. */
const CLOSURE_WORDS = {
  none: "none: every open link as it is", cut: "shut while the chosen corridor is closed", round: "way round of the chosen alternative, along the links",
  unsea: "It shuts no link on this map: ships go round, or not at all.", unrun: "The ranking was not run with it: geokit run --closures.",
};
const shut = {
  list: unpack(DATA.closures.list), links: unpack(DATA.map.links), effects: indexBy(unpack(DATA.closures.effects), (row) => pairKey(row.partner, row.closure_id)),
  detours: indexBy(unpack(DATA.closures.detours), (row) => [row.closure_id, row.origin_id, row.destination_id, row.product_id || ""].join("|")),
  ranks: indexBy(unpack(DATA.closures.ranks), (row) => [row.closure_id, row.partner, row.alternative].join("|")), layer: null,
};
shut.list.forEach((one, at) => { one.links = DATA.closures.shut[at]; });

function closureNow() {
  return shut.list.find((one) => one.closure_id === state.closure);
}

function startClosures(map) {
  shut.layer = L.layerGroup().addTo(map);
  const box = byId("closure");
  byId("what-if").hidden = !shut.list.length;
  put(box, el("option", { value: "" }, CLOSURE_WORDS.none), shut.list.map((one) => el("option", { value: one.closure_id }, one.name)));
  box.addEventListener("change", () => change({ closure: box.value }));
}

/* The way of the chosen alternative's product with the corridor closed; nothing where its way does not run through it. */
function detourOf(row) {
  const { delivered } = aboutRow(row);
  return delivered ? shut.detours.get([state.closure, delivered.origin_id, delivered.destination_id, delivered.product_id || ""].join("|")) : undefined;
}

function drawClosure() {
  const one = closureNow();
  const row = rowOf(state.chosen);
  const round = one && row ? detourOf(row) : undefined;
  byId("closure").value = one ? one.closure_id : "";
  shut.layer.clearLayers();
  put(byId("closure-words"), one ? closureWords(one, row, round) : []);
  byId("closure-words").hidden = !one;
  if (!one) return;
  if (round && known(round.way)) DATA.closures.ways[round.way].forEach((at) => closureLine(at, "way-round"));
  one.links.forEach((at) => closureLine(at, "cut"));
}

function closureLine(at, name) {
  const link = shut.links[at];
  const ends = [[link.from_lat, link.from_lon], [link.to_lat, link.to_lon]];
  L.polyline(ends, { pane: "closures", className: "haul-halo", interactive: false }).addTo(shut.layer);
  L.polyline(ends, { pane: "closures", className: name, interactive: false }).addTo(shut.layer);
}

function closureWords(one, row, round) {
  const often = known(one.shut_frac) ? "Something of it is shut about " + figure(365 * one.shut_frac, "days a year") + "." : "Nobody counts the days on which it is shut.";
  const story = one.what_happened + " " + often + (one.links.length ? "" : " " + CLOSURE_WORDS.unsea);
  return [row ? chosenWords(row, round) : "", plantsWords(one), story].filter(Boolean).map((words) => el("span", { class: words === story ? "muted" : null }, words));
}

function plantsWords(one) {
  const effect = shut.effects.get(pairKey(state.partner, one.closure_id));
  if (!effect) return "";
  const left = effect.alternatives - effect.cut;
  const costs = range(effect.detour_usd_per_t_low, effect.detour_usd_per_t_high, "USD/t");
  const told = [effect.cut ? count(effect.cut, "plant has", "plants have") + " no way left" : "", left ? count(left, "goes", "go") + " round for " + figure(effect.detour_usd_per_t, "USD/t") + " more in the median (" + costs + ")" : ""].filter(Boolean);
  const plants = told.length ? sentence(told.join("; ") + ".") : "No plant's way to this partner runs through it.";
  return plants + " " + (known(effect.ranks_moved) ? movesWords(effect) : CLOSURE_WORDS.unrun);
}

function movesWords(effect) {
  if (!effect.ranks_moved) return "No rank moves.";
  const falls = effect.falls_most ? "of the first ten, " + effect.falls_most + " falls farthest, by " + count(effect.falls_places, "place", "places") : "none of the first ten falls";
  return sentence(count(effect.ranks_moved, "rank moves", "ranks move") + "; " + falls + "; " + (effect.leader ? effect.leader + " takes the lead" : "the leader stays"));
}

function chosenWords(row, round) {
  const name = "The chosen alternative";
  if (!aboutRow(row).delivered) return "";
  if (!round) return name + " does not run through it" + rankWords(row, "; ") + ".";
  if (!known(round.detour_usd_per_t)) return name + " is cut off: no way is left" + rankWords(row, "; ") + ".";
  const port = (store.ports.get(round.way_round_port_id) || {}).name || round.way_round_port_id;
  return name + " goes round over " + port + " for " + figure(round.detour_usd_per_t, "USD/t") + " more (" + range(round.detour_usd_per_t_low, round.detour_usd_per_t_high) + ")" + rankWords(row, "; ") + ".";
}

/* The rank while the corridor is closed, where the ranking was run with it and the rank differs. */
function rankWords(row, lead) {
  const found = state.closure ? shut.ranks.get([state.closure, state.partner, row.alternative].join("|")) : undefined;
  if (!found) return "";
  return lead + (known(found.rank) ? "rank " + found.rank + " while it lasts" : "no rank while it lasts");
}
