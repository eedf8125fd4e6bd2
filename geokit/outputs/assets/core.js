/* Elements built one by one, figures in words, packed tables. All text from the study goes through textContent. */
const SVG = "http://www.w3.org/2000/svg";
const THIN = "\u202f";
const SPACE = "\u00a0";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(4)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/* Replace what a node holds. */
function put(node, ...children) {
  node.replaceChildren();
  return fill(node, {}, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

/* Turn a packed table into a list of rows. */
function unpack(table) {
  const rows = Array.from({ length: table.length }, () => ({}));
  for (const [name, [levels, codes]] of Object.entries(table.text)) codes.forEach((code, at) => { rows[at][name] = levels[code]; });
  for (const [name, [pieces, values, codes]] of Object.entries(table.prose)) {
    const words = values.map((places) => places.map((place) => pieces[place]).join(" "));
    codes.forEach((code, at) => { rows[at][name] = words[code]; });
  }
  for (const [name, values] of Object.entries(table.figures)) values.forEach((value, at) => { rows[at][name] = value; });
  return rows;
}

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const name = key(row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return groups;
}

function indexBy(rows, key) {
  return new Map(rows.map((row) => [key(row), row]));
}

function ids(cell) {
  return (cell || "").split(/[;|]/).map((part) => part.trim()).filter(Boolean);
}

function known(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/* Three significant figures, thin thousands, the unit always. */
function figure(value, unit) {
  if (!known(value)) return t("unknown");
  let text = LANGUAGE === "en" ? "0" : formatFigure(value, { maximumSignificantDigits: 3 });
  if (value !== 0 && LANGUAGE === "en") {
    const decimals = 2 - Math.floor(Math.log10(Math.abs(value)));
    const scale = 10 ** decimals;
    const rounded = Math.round(value * scale) / scale;
    text = Math.abs(rounded).toFixed(Math.min(Math.max(decimals, 0), 12));
    if (text.includes(".")) text = text.replace(/0+$/, "").replace(/\.$/, "");
    const [whole, part] = text.split(".");
    text = whole.replace(/\B(?=(\d{3})+$)/g, THIN) + (part ? "." + part : "");
    if (rounded < 0) text = "\u2212" + text;
  }
  return unit ? text + SPACE + unit : text;
}

function fixed(value, decimals) {
  if (!known(value)) return t("unknown");
  return LANGUAGE === "en" ? value.toFixed(decimals).replace("-", "\u2212") : formatFigure(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function range(low, high, unit) {
  const ends = [figure(low), figure(high)];
  if (!known(low) || !known(high)) return figure(known(low) ? low : high, unit);
  return ends[0] === ends[1] ? figure(high, unit) : ends[0] + " to " + ends[1] + (unit ? SPACE + unit : "");
}

/* A probability or share in tenths. */
function share(value) {
  if (!known(value)) return t("unknown");
  if (value === 0) return t("none");
  if (value === 1) return t("all");
  return value >= 0.05 && value < 0.95 ? t("{n} in 10").replace("{n}", Math.round(value * 10)) : t("{n} in 100").replace("{n}", Math.round(value * 100));
}

function percent(value) {
  return known(value) ? Math.round(100 * value) + SPACE + "%" : t("unknown");
}

/* A value in the unit of its criterion; a share of something reads as per cent of it. */
function measure(value, unit) {
  if (!known(value)) return "";
  if (unit === "frac") return share(value);
  if (unit.startsWith("of the ") && value >= 0 && value <= 1) return percent(value) + " " + unit;
  const words = unit.includes(",") && !unit.startsWith("(") ? "(" + unit + ")" : unit;
  return figure(value) + (words ? " " + words : "");
}

function days(hours) {
  return known(hours) ? fixed(hours / 24, 1) + SPACE + "days" : "unknown time";
}

function count(number, one, many) {
  return figure(number) + " " + (number === 1 ? one : many);
}

function plainWords(text) {
  return (text || "").replace(/[_-]/g, " ");
}

function sentence(text) {
  const words = (text || "").trim();
  if (!words) return "";
  return words[0].toUpperCase() + words.slice(1) + (/[.!?)]$/.test(words) ? "" : ".");
}

/* A list of facts: name on the left, figure on the right. */
function factList(pairs) {
  const rows = pairs.filter(Boolean).map(([name, value, note]) =>
    el("div", { class: "fact" }, el("dt", null, name), el("dd", null, value, note ? el("span", { class: "note" }, note) : null)));
  return el("dl", { class: "facts" }, rows);
}

function section(title, ...children) {
  return el("section", { class: "block" }, el("h3", null, title), children);
}
