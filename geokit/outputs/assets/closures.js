/* What if a corridor closes: its links on the map, the way round of the chosen alternative, whom it cuts off, which ranks move. */
const CLOSURE_WORDS = {
  none: t("no corridor closed"), cut: "shut while the chosen corridor is closed", round: "way round of the chosen alternative, along the links",
  unsea: "It shuts no link on this map: ships go round, or not at all.", unrun: "The ranking was not run with it: geokit run --closures.",
};
const shut = {
  list: unpack(DATA.closures.list), links: unpack(DATA.map.links), effects: indexBy(unpack(DATA.closures.effects), (row) => pairKey(row.partner, row.closure_id)),
  detours: indexBy(unpack(DATA.closures.detours), (row) => [row.closure_id, row.origin_id, row.destination_id, row.product_id || ""].join("|")),
  ranks: indexBy(unpack(DATA.closures.ranks), (row) => [row.closure_id, row.case_id, row.alternative].join("|")), ranked: new Set(unpack(DATA.closures.ranked).map((row) => row.closure_id + "|" + row.case_id)), layer: null, rows: new Map(),
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
  const falls = effect.falls_most ? "of the first ten, " + effect.falls_most + (effect.falls_places === null ? " loses its rank" : " falls farthest, by " + count(effect.falls_places, "place", "places")) : "none of the first ten falls";
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

/* Rows of a case in their order while the corridor is closed; nothing where the study did not rank this case with it. */
function closureRows(one) {
  const key = state.closure + "|" + one.id;
  if (!shut.ranked.has(key)) return null;
  if (!shut.rows.has(key)) {
    const rows = (store.rows.get(one.id) || []).map((row) => {
      const found = shut.ranks.get(key + "|" + row.alternative);
      return { ...row, tier: null, rank: found ? found.rank : row.rank, rank_open: row.rank, status_reason: found && !known(found.rank) ? "no rank while the corridor is closed" : row.status_reason };
    });
    shut.rows.set(key, rows.sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity)));
  }
  return shut.rows.get(key);
}

/* The order shown is that of every link open although a corridor is said to be closed. */
function staleRanks() {
  const effect = shut.effects.get(pairKey(state.partner, state.closure));
  return Boolean(state.closure) && (Boolean(state.weights) || !shut.ranked.has(state.closure + "|" + currentCase().id)) && !(effect && effect.ranks_moved === 0);
}

function closureNotice() {
  const one = closureNow();
  if (!one) return "";
  if (!staleRanks() && !shut.ranked.has(one.closure_id + "|" + currentCase().id)) return "";
  if (!staleRanks()) return "Ranks while \u201c" + one.name + "\u201d is closed. Scores, bands and sentences are those of every link open.";
  return "The list below ranks with every link open: " + (state.weights ? "with your own weights no rank is known while the corridor is closed." : "this reading of the law was not ranked with the corridor closed.");
}

/* The rank with every link open, where the closed corridor moves it. */
function beforeWords(row) {
  return known(row.rank_open) && row.rank_open !== row.rank ? "rank " + row.rank_open + " with every link open" : "";
}

function rankWords(row, lead) {
  if (row.rank_open === undefined || row.rank_open === row.rank) return "";
  return lead + (known(row.rank) ? "rank " + row.rank + " while it lasts" : "no rank while it lasts");
}
