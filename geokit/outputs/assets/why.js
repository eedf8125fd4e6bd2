/* Why the chosen alternative stands where it does, down to clause and source. */
function drawWhy() {
  const view = byId("view-why");
  const row = rowOf(state.chosen) || rankedRows()[0];
  if (!row) {
    put(view, el("p", { class: "empty" }, "Choose a row of the ranking."));
    return;
  }
  const { about } = aboutRow(row);
  put(view, 
    el("div", { class: "why-head" },
      el("p", { class: "why-rank" }, known(row.rank) ? "Rank " + row.rank + ", tier " + row.tier : statusWords(row)),
      el("h2", { text: about.name }), el("p", { class: "muted" }, about.product + (about.feed ? ", from " + about.feed : "")),
      scoreBar(row), el("p", { class: "small" }, scoreWords(row))),
    el("p", { class: "why-reason" }, row.reason || sentence(row.status_reason)),
    row.status === "conditional" && !(row.reason || "").includes(row.status_reason) ? el("p", { class: "condition" }, "Conditional: " + row.status_reason) : null,
    contributionBlock(row), feedBlock(row), routeBlock(row), dependencyBlock(row), moneyBlock(row), gateBlock(row), sourceBlock(row));
}

function scoreWords(row) {
  return "Score " + fixed(row.score, 2) + "; 8 draws in 10 fall between " + fixed(row.score_p10, 2) + " and " + fixed(row.score_p90, 2) +
    "; the missing facts could put it between " + fixed(row.bound_low, 2) + " and " + fixed(row.bound_high, 2) + ". Known: " + share(row.evidence_frac) + " of the weight.";
}

function contributionBlock(row) {
  const items = store.contributions.get(caseKey(row)) || [];
  if (!items.length) return section("What made the score", el("p", { class: "muted" }, "Contributions are kept for the leading rows only; the tables beside this page hold the rest."));
  const widest = Math.max(...items.map((item) => item.weight), 0.0001);
  const byCriterion = indexBy(items, (item) => item.criterion_id);
  const ordered = store.criteria.filter((one) => byCriterion.has(one.criterion_id));
  const groups = groupBy(ordered, (one) => one.group);
  return section("What made the score", el("p", { class: "muted small" }, "Length of the pale bar: weight. Solid: what it brought. Hatched: nobody knows."),
    [...groups].map(([name, criteria]) => el("div", { class: "criteria" }, el("h4", { text: name }), criteria.map((one) => contributionRow(one, byCriterion.get(one.criterion_id), widest)))));
}

function contributionRow(criterion, item, widest) {
  const missing = !known(item.contribution);
  const unit = criterion.unit.split(/[:;,]/)[0];
  const value = known(item.value) ? (unit === "frac" ? "share: " + share(item.value) : figure(item.value, unit)) : "";
  const grade = { E: "evidence", M: "carried over", A: "assumption", D: "by definition" }[item.grade] || "";
  const note = [value, grade, item.note].filter(Boolean).join(" \u00b7 ");
  return el("div", { class: "criterion" },
    el("div", { class: "criterion-head" }, el("span", null, criterion.label), el("span", { class: "number" }, missing ? "missing" : fixed(item.contribution, 3) + " of " + fixed(item.weight, 3))),
    contributionBar(item, widest),
    note ? el("p", { class: "muted small" }, note) : null);
}

function feedBlock(row) {
  const { about, economics } = aboutRow(row);
  const feeds = ids(economics.feed_deposit_ids).map((id) => store.deposits.get(id) || { deposit_id: id, name: id });
  const items = feeds.map((deposit) => {
    const haul = store.hauls.get(haulKey(deposit.deposit_id, about.place_id, "feed", ""));
    const words = [deposit.commodity, plainWords(deposit.feed_available) || "holder unknown", haul ? figure(haul.usd_per_t, "USD/t") + " to the plant" : ""];
    return el("li", null, el("strong", { text: deposit.name }), " ", el("span", { class: "muted" }, words.filter(Boolean).join(", ")));
  });
  return section("Feed", factList([
    ["Free feed in reach", range(economics.feed_free_t_low, economics.feed_free_t_high, "t"), known(economics.feed_free_t) ? "most likely " + figure(economics.feed_free_t, "t") : ""],
    ["Output of the plant", known(economics.plant_t_per_y) ? figure(economics.plant_t_per_y, "t/y") : "unknown", known(economics.plant_t_per_y) ? "reference scale, not a minimum" : ""],
  ]), items.length ? el("ul", { class: "plain" }, items) : el("p", { class: "muted" }, "No deposit of its feed is known within the freight cut-off."));
}

function modeWords(haul) {
  const parts = [["road_km", "road"], ["rail_km", "rail"], ["sea_km", "sea"], ["gap_km", "off the network"]];
  return parts.filter(([name]) => haul[name] > 0).map(([name, word]) => figure(haul[name], "km") + " " + word).join(", ") || "on the spot";
}

function legRow(title, haul) {
  return el("tr", null, el("th", { scope: "row" }, title), el("td", { class: "number" }, range(haul.usd_per_t_low, haul.usd_per_t_high)), el("td", { class: "number" }, figure(haul.usd_per_t)), el("td", null, days(haul.hours)), el("td", null, modeWords(haul)));
}

function routeBlock(row) {
  const { about, economics, partner, delivered } = aboutRow(row);
  const rows = ids(economics.feed_deposit_ids).slice(0, 6).map((id) => [id, store.hauls.get(haulKey(id, about.place_id, "feed", ""))]).filter(([, haul]) => haul)
    .map(([id, haul]) => legRow("feed from " + ((store.deposits.get(id) || {}).name || id), haul));
  if (delivered) rows.push(legRow("product to " + ((store.ports.get(partner.default_port_id) || {}).name || partner.default_port_id), delivered));
  if (!rows.length) return section("Route", el("p", { class: "muted" }, "No haul could be found: the place lies too far from every open link, or its port has no sea distance."));
  const open = delivered && delivered.assumed_open ? el("p", { class: "small" }, "Assumed open: " + ids(delivered.assumed_open).join(", ") + ".") : null;
  const port = delivered ? store.ports.get(delivered.via_port_id) : null;
  return section("Route", el("div", { class: "scroll" }, el("table", { class: "small-table" },
    el("thead", null, el("tr", null, ["", "USD/t, low to high", "USD/t", "time", "way"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", null, rows))),
    port ? el("p", { class: "small" }, "Shipped over " + port.name + (known(delivered.closed_days) ? "; closed " + figure(delivered.closed_days, "days a year") + " as far as known" : "") + ".") : null, open);
}
