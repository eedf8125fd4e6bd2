/* Feed and route of the chosen alternative: every deposit in reach, every leg, one unit of time. */
function feedDeposits(row) {
  return ids(aboutRow(row).economics.feed_deposit_ids).map((id) => store.deposits.get(id) || { deposit_id: id, name: plainWords(id) });
}

function hasTonnage(deposit) {
  return ["tonnage_million_t_low", "tonnage_million_t_mode", "tonnage_million_t_high"].some((name) => known(deposit[name]));
}

function isHistorical(deposit) {
  return deposit.historical_estimate === "true" && hasTonnage(deposit);
}

function restsOnHistory(row) {
  return feedDeposits(row).some(isHistorical);
}

function tonnageWords(deposit) {
  if (!hasTonnage(deposit)) return "no published tonnage";
  const { tonnage_million_t_low: low, tonnage_million_t_mode: mode, tonnage_million_t_high: high } = deposit;
  return range(low ?? mode, high ?? mode, "million t") + (isHistorical(deposit) ? " (" + store.names.historical + ")" : "");
}

function feedBlock(row) {
  const { economics } = aboutRow(row);
  const aged = restsOnHistory(row) ? "; " + store.names.historical : "";
  const items = feedDeposits(row).map((deposit) => el("li", null, el("strong", { text: deposit.name }), " ",
    el("span", { class: "muted" }, [deposit.commodity, plainWords(deposit.feed_available) || "holder unknown", tonnageWords(deposit)].filter(Boolean).join(", "))));
  return section(t("Feed"), factList([
    [t("Free feed in reach"), range(economics.feed_free_t_low, economics.feed_free_t_high, "t"), known(economics.feed_free_t) ? "most likely " + figure(economics.feed_free_t, "t") + aged : ""],
    isBaseline(row) ? null : [t("Output of the plant"), known(economics.plant_t_per_y) ? figure(economics.plant_t_per_y, "t/y") : t("unknown"), known(economics.plant_t_per_y) ? "reference scale, not a minimum" : ""],
  ]), items.length ? el("ul", { class: "plain" }, items) : el("p", { class: "muted" }, "No deposit of its feed is known within the freight cut-off."));
}

function modeWords(haul) {
  const parts = [["road_km", "road"], ["rail_km", "rail"], ["sea_km", "sea"], ["gap_km", "off the network"]];
  return parts.filter(([name]) => haul[name] >= 0.5).map(([name, word]) => figure(haul[name], "km") + " " + word).join(", ") || "on the spot";
}

function legRow({ title, remark, haul }) {
  const open = ids(haul.assumed_open);
  const over = haul.kind === "delivered" ? store.ports.get(haul.via_port_id) : null;
  const notes = [over ? "over " + over.name : "", open.length ? "assumed open: " + open.join(", ") : ""].filter(Boolean).join("; ");
  return el("tr", null, el("th", { scope: "row" }, title, remark ? el("span", { class: "note muted" }, remark) : null),
    el("td", { class: "number" }, figure(haul.usd_per_t), el("span", { class: "note muted" }, range(haul.usd_per_t_low, haul.usd_per_t_high))),
    el("td", { class: "number" }, known(haul.hours) ? fixed(haul.hours / 24, 1) : t("unknown")), el("td", null, modeWords(haul), notes ? el("span", { class: "note muted" }, notes) : null));
}

/* Where the feed goes: to the plant by land, to the host port abroad, or, where nothing is built, to the partner's port. */
function feedLegs(row) {
  const { about, economics, partner } = aboutRow(row);
  const port = about.kind === "export" ? partner.default_port_id : about.port_id;
  return feedDeposits(row).map((deposit) => ({
    title: (about.kind === "plant" ? "feed from " : "from ") + deposit.name + (about.kind === "plant" ? "" : " to " + portName(port)),
    remark: hasTonnage(deposit) ? "" : "no published tonnage",
    haul: about.kind === "plant" ? store.hauls.get(haulKey(deposit.deposit_id, about.place_id, "feed", "")) : feedShipment(about, economics, deposit.deposit_id, port),
  })).filter((leg) => leg.haul);
}

function portName(id) {
  return (store.ports.get(id) || {}).name || id;
}

function routeBlock(row) {
  const { about, partner, delivered } = aboutRow(row);
  const legs = feedLegs(row);
  if (delivered && about.kind !== "export") legs.push({ title: "product to " + portName(partner.default_port_id), haul: delivered });
  if (!legs.length) return section(t("Route"), el("p", { class: "muted" }, routeGap(row)));
  const closed = delivered && known(delivered.closed_days) ? el("p", { class: "small" }, "Closed " + figure(delivered.closed_days, "days a year") + " as far as known.") : null;
  return section(t("Route"), el("div", { class: "scroll" }, el("table", { class: "small-table" },
    el("thead", null, el("tr", null, ["leg", "USD/t", "days", "way"].map((name, at) => el("th", { scope: "col", class: at === 1 || at === 2 ? "number" : null }, name)))),
    el("tbody", null, legs.map(legRow)))), el("p", { class: "muted small" }, "USD/t: most likely, below it low to high; days in transit and in transfer."), closed);
}

function routeGap(row) {
  if (!aboutRow(row).partner.default_port_id) return "No port of this partner is in the layers, so nothing could be routed.";
  if (known(deliveredFreight(row))) return "The freight of " + figure(deliveredFreight(row), "USD/t") + " is for the whole way; its legs are in hauls.csv.";
  return "No haul could be found: the place lies too far from every open link, or its port has no sea distance.";
}
