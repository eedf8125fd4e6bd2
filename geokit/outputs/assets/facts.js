/* The lower half of the Why view: controls, money, gates, sources. */
const STATE_WORDS = { in_force: t("in force"), suspended: t("suspended"), unresolved: t("unresolved"), announced: t("announced"), tightened: t("tightened"), revoked: t("revoked") };

function dependencyBlock(row) {
  const { about, dependency } = aboutRow(row);
  const blocks = store.exposure.get([row.case_id, about.stage_id, dependency.profile || ""].join("|")) || [];
  const facts = factList([
    [t("Exposure index (D_rel)"), fixed(dependency.d_rel, 2), known(dependency.d_rel_low) ? "between " + fixed(dependency.d_rel_low, 2) + " and " + fixed(dependency.d_rel_high, 2) : ""],
    [t("Worst block (D_max)"), fixed(dependency.d_max, 2)],
    [t("Mean over blocks (D_avg)"), fixed(dependency.d_avg, 2)],
    [t("Delay by licences"), known(dependency.delay_months_p50) ? range(dependency.delay_months_p10, dependency.delay_months_p80, "months") : t("unknown"), known(dependency.delay_months_p50) ? "P10 to P80, middle " + figure(dependency.delay_months_p50, "months") : ""],
    [t("End-user profile"), dependency.profile ? dependency.profile + ": " + (store.names.profiles[dependency.profile] || "not described") : about.kind === "export" ? "none: no plant is bought" : t("unknown")],
    [t("Law searched"), dependency.regimes_searched || "not stated"],
  ]);
  return section(t("Dependency on controlled items"), facts,
    el("p", { class: "muted small" }, "An exposure index over controlled blocks of the flowsheet; a probability only with a vendor list."),
    dependency.note ? el("p", { class: "small" }, sentence(dependency.note)) : null,
    blocks.length ? el("ul", { class: "tree" }, blocks.map(blockItem)) : null);
}

function blockItem(block) {
  const clauses = ids(block.clause_ids);
  return el("li", null,
    el("div", { class: "tree-head" }, el("strong", { text: store.names.blocks[block.block_id] || plainWords(block.block_id) }), el("code", { class: "muted", text: block.block_id }), el("span", { class: "tag" }, STATE_WORDS[block.state] || plainWords(block.state) || "no clause counted"), el("span", { class: "number" }, known(block.e) ? "exposure " + fixed(block.e, 2) : "exposure unknown")),
    clauses.length ? el("ul", null, clauses.map(clauseItem)) : null,
    block.note ? el("p", { class: "muted small" }, block.note) : null);
}

function clauseItem(id) {
  const clause = store.clauses.get(id);
  if (!clause) return el("li", null, el("code", { text: id }));
  const states = "by text " + (STATE_WORDS[clause.state_as_law_stands] || t("unknown")) + ", as practised " + (STATE_WORDS[clause.state_as_practised] || t("unknown"));
  const operated = clause.ever_operated === "true" ? "has operated" : clause.ever_operated === "false" ? "has never operated" : "";
  return el("li", null, el("code", { text: id }), el("span", { class: "muted small" }, [clause.title, states, operated, clause.valid_from ? "from " + clause.valid_from : "", clause.source_ids].filter(Boolean).join(" \u00b7 ")));
}

function moneyBlock(row) {
  const money = aboutRow(row).economics;
  const line = (name, stem, unit) => {
    const spread = known(money[stem + "_low"]) && known(money[stem + "_high"]);
    if (!known(money[stem]) && !spread) return null;
    return [name, known(money[stem]) ? figure(money[stem], unit) : range(money[stem + "_low"], money[stem + "_high"], unit), spread && known(money[stem]) ? range(money[stem + "_low"], money[stem + "_high"], unit) : ""];
  };
  const lines = [
    marginLine(row, money), line(t("Power for a tonne of product"), "power_usd_per_t", "USD/t"), capexLine(money),
    line(t("Feed at the mine gate"), "feed_price_usd_per_t", "USD/t"), line(t("Feed freight"), "feed_freight_usd_per_t", "USD/t"),
    line(t("Feed for a tonne of product"), "feed_t_per_product_t", "t/t"), line(t("Product price"), "product_usd_per_t", "USD/t"), line(t("Product freight"), "product_freight_usd_per_t", "USD/t"),
    line(t("Break-even conversion cost"), "break_even_conversion_usd_per_t", "USD/t"), line(t("Break-even feed price"), "break_even_feed_usd_per_t", "USD/t"),
    line(t("Break-even capital cost"), "break_even_capex_usd_per_tpa", "USD per t/y"),
    line(t("Operating cost"), "opex_usd_per_t", "USD/t"), line(t("Net present value"), "npv_million_usd", "million USD"),
  ].filter(Boolean);
  const beats = { yes: "beats exporting the feed", no: "does not beat exporting the feed", unknown: "whether it beats exporting the feed cannot be told" }[row.beats_baseline] || (row.beats_baseline ? sentence(row.beats_baseline) : "whether it beats exporting the feed cannot be told");
  return section(t("Economics"), lines.length ? factList(lines) : el("p", { class: "muted" }, t("No figure could be had on public data.")),
    isBaseline(row) ? null : el("p", { class: "small" }, sentence(beats)),
    money.reason ? el("p", { class: "muted small" }, sentence(money.reason)) : null,
    money.outlet ? el("p", { class: "small" }, "Outlet: " + plainWords(money.outlet) + (money.outlet_ids ? " (" + ids(money.outlet_ids).map((id) => store.names.outlets[id] || id).join(", ") + ")" : "") + ".") : null);
}

/* What a tonne of product leaves to pay for its conversion: the figure that decides. */
function marginLine(row, money) {
  if (isBaseline(row) && money.margin_usd_per_t === 0) return null;
  const spread = known(money.margin_usd_per_t_low) && known(money.margin_usd_per_t_high);
  if (!spread && !known(money.margin_usd_per_t)) return [t("Margin before conversion"), t("unknown")];
  const inside = known(money.domestic_margin_usd_per_t) ? "; at the inside quote " + figure(money.domestic_margin_usd_per_t, "USD/t") : "";
  const mode = known(money.margin_usd_per_t) ? "mode " + figure(money.margin_usd_per_t, "USD/t") : "mode unknown";
  return [t("Margin before conversion"), spread ? range(money.margin_usd_per_t_low, money.margin_usd_per_t_high, "USD/t") : figure(money.margin_usd_per_t, "USD/t"), mode + inside];
}

/* The investment in all, where the plant's size is known beside its cost. */
function capexLine(money) {
  if (!known(money.capex_usd_per_tpa)) return null;
  const each = figure(money.capex_usd_per_tpa, "USD per t/y");
  if (!known(money.plant_t_per_y)) return [t("Capital cost"), each];
  return [t("Capital cost"), figure(money.capex_usd_per_tpa * money.plant_t_per_y / 1e6, "million USD"), each + " at " + figure(money.plant_t_per_y, "t/y")];
}

function gateBlock(row) {
  const gates = store.gates.get(pairKey(state.partner, row.alternative)) || [];
  if (!gates.length) return null;
  const order = { fail: 0, unknown: 1, pass: 2 };
  const sorted = [...gates].sort((a, b) => (order[a.result] ?? 1) - (order[b.result] ?? 1) || (a.gate_id < b.gate_id ? -1 : 1));
  return section(t("Gates of the partner"), el("ul", { class: "gates" }, sorted.map((gate) => el("li", null,
    el("span", { class: "tag gate-" + (gate.result in order ? gate.result : "unknown") }, gate.result || t("unknown")),
    el("span", null, plainWords(gate.gate_id), gate.reason ? el("span", { class: "muted small" }, gate.reason) : null)))));
}

function sourceBlock(row) {
  const { about, economics } = aboutRow(row);
  const deposits = ids(economics.feed_deposit_ids).map((id) => (store.deposits.get(id) || {}).source_id);
  const site = store.sites.find((one) => one.site_id === about.site_id) || {};
  const named = [...ids(economics.source_ids), ...deposits, site.source_id, ...partsOf(row).flatMap((item) => ids(item.source_ids))];
  const list = [...new Set(named.filter(Boolean))].sort();
  if (!list.length) return null;
  return section(t("Sources"), el("p", { class: "small sources" }, list.map((id) => [el("code", { text: id }), " "])), el("p", { class: "muted small" }, "Titles and addresses: sources table beside this page."));
}
