/* Weighing again: the cells of every alternative joined as the study joins them, scored and ranked by any weights. */
const MATRIX = DATA.matrix && DATA.matrix.criteria ? readMatrix(DATA.matrix) : null;

function bytesOf(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/* Whole numbers of one, two or four bytes, least byte first. */
function readCodes({ bytes, data }) {
  const raw = new DataView(bytesOf(data).buffer);
  const read = { 1: (at) => raw.getUint8(at), 2: (at) => raw.getUint16(at, true), 4: (at) => raw.getUint32(at, true) }[bytes];
  return Int32Array.from({ length: raw.byteLength / bytes }, (_, at) => read(at * bytes));
}

/* Distinct cells as four columns; the place after the last stands for a cell that nobody reported: worth nothing, at best all. */
function readMatrix(packed) {
  const raw = new DataView(bytesOf(packed.levels).buffer);
  const size = raw.byteLength / 24;
  const column = (end, blank) => Float64Array.from({ length: size + 1 }, (_, at) => { const value = at < size ? raw.getFloat64((3 * at + end) * 8, true) : NaN; return Number.isNaN(value) ? blank : value; });
  const sourced = readCodes(packed.sourced);
  const alternatives = unpack(packed.alternatives);
  return { ...packed, alternatives, missing: size, worse: column(0, 0), most: column(1, 0), plain: column(1, NaN), better: column(2, 1), sourced: Float64Array.from({ length: size + 1 }, (_, at) => sourced[at] || 0),
    place: new Map(alternatives.map((about, at) => [about.alternative, at])), tables: null, facts_read: null, joined: new Map(), hintsOf: new Map() };
}

/* Cells by criterion, each set of keys under one whole number; read when first asked for. */
function cellTables() {
  if (!MATRIX.tables) MATRIX.tables = groupBy(MATRIX.cells.map(readCells), (one) => one.criterion);
  return MATRIX.tables;
}

function readCells(one) {
  const codes = one.keys.map((key) => readCodes(one.codes[key]));
  const sizes = one.keys.map((key) => MATRIX.words[key].length);
  const level = new Map();
  readCodes(one.level).forEach((value, row) => level.set(codes.reduce((sum, column, at) => sum * sizes[at] + column[row], 0), value));
  return { criterion: one.criterion, keys: one.keys, sizes, level };
}

/* Distinct cell of every alternative and criterion of a case; the first set of keys that fits counts. */
function joinCase(one) {
  if (MATRIX.joined.has(one.id)) return MATRIX.joined.get(one.id);
  const { words, alternatives, criteria } = MATRIX;
  const fill = (code) => new Int32Array(alternatives.length).fill(code);
  const profile = readCodes(MATRIX.profiles[one.partner]).map((code) => (code >= 1 && code <= words.profile.length ? code - 1 : -1));
  const numbers = { site_id: readCodes(MATRIX.axis.site_id), stage_id: readCodes(MATRIX.axis.stage_id), profile, partner: fill(words.partner.indexOf(one.partner)), track: fill(words.track.indexOf(one.track)) };
  const found = new Int32Array(alternatives.length * criteria.length).fill(MATRIX.missing);
  criteria.forEach((criterion, place) => {
    for (const { keys, sizes, level } of [...(cellTables().get(criterion) || [])].reverse()) {
      const columns = keys.map((key) => numbers[key]);
      for (let at = 0; at < alternatives.length; at += 1) {
        let number = 0;
        for (let key = 0; key < columns.length && number >= 0; key += 1) number = columns[key][at] < 0 ? -1 : number * sizes[key] + columns[key][at];
        const hit = number < 0 ? undefined : level.get(number);
        if (hit !== undefined) found[at * criteria.length + place] = hit;
      }
    }
  });
  MATRIX.joined.set(one.id, found);
  return found;
}

/* Rounded as the study rounds: half to even. */
function roundScore(value) {
  const scale = 10 ** MATRIX.decimals;
  const scaled = value * scale;
  const floor = Math.floor(scaled);
  const half = scaled - floor;
  const whole = half > 0.5 || (half === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return whole / scale;
}

/* Score, ends, evidence, standing and rank of every alternative of a case, in the order of their ids. */
function scoreCase(one, weights) {
  const { criteria, alternatives, hintsOf } = MATRIX;
  const vector = Float64Array.from(criteria, (criterion) => weights[criterion] || 0);
  const levels = joinCase(one);
  if (!hintsOf.has(one.partner)) hintsOf.set(one.partner, readCodes(MATRIX.hints[one.partner]));
  const hints = hintsOf.get(one.partner);
  const rows = alternatives.map((about, at) => {
    const row = sumCells(levels, at * criteria.length, vector);
    return { case_id: one.id, alternative: about.alternative, ...row, status: settleStatus(about, row.evidence_frac, MATRIX.hint_words[hints[at]]), rank: null };
  });
  rows.map((row, at) => at).filter((at) => MATRIX.with_rank.includes(rows[at].status))
    .sort((a, b) => rows[b].score - rows[a].score || a - b).forEach((at, place) => { rows[at].rank = place + 1; });
  return rows;
}

/* A missing cell earns nothing; it widens the ends from nothing to all of its weight. */
function sumCells(levels, from, vector) {
  const { worse, most, better, sourced } = MATRIX;
  let score = 0, low = 0, high = 0, evidence = 0;
  for (let place = 0; place < vector.length; place += 1) {
    const weight = vector[place], level = levels[from + place];
    score += weight * most[level];
    low += weight * worse[level];
    high += weight * better[level];
    evidence += weight * sourced[level];
  }
  return { score: roundScore(score), bound_low: roundScore(low), bound_high: roundScore(high), evidence_frac: roundScore(evidence) };
}

function settleStatus(about, evidence, hint) {
  if (hint === "screened") return "screened";
  if (evidence < MATRIX.threshold) return "not_rankable";
  if (about.kind !== MATRIX.plant) return "baseline";
  return hint || "ranked";
}

/* What each criterion that counts adds to an alternative, and what is known of its cell. */
function weighedParts(one, weights, alternative) {
  if (!MATRIX.facts_read) MATRIX.facts_read = unpack(MATRIX.facts);
  const from = MATRIX.place.get(alternative) * MATRIX.criteria.length;
  const levels = joinCase(one);
  const parts = MATRIX.criteria.map((criterion, place) => {
    const level = levels[from + place], weight = weights[criterion] || 0, v = MATRIX.plain[level];
    return { ...MATRIX.facts_read[level], criterion_id: criterion, weight, v: Number.isNaN(v) ? null : v, contribution: weight * MATRIX.most[level] };
  });
  return parts.filter((item) => item.weight > 0);
}
