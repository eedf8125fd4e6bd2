/* What a page does wrong by those who cannot see or point: each function lists the nodes it finds. */
function name(node) {
  return node.outerHTML.slice(0, 120);
}

function hasWords(node) {
  return [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
}

/* Controls and pictures that nothing names. */
function nameless() {
  const controls = "button, select, input, summary, a[href], [role=radio], [role=tab], [role=img]";
  return [...document.querySelectorAll(controls)].filter((node) => {
    if (node.closest("[hidden]")) return false;
    const others = (node.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id));
    const labels = [...others, ...(node.labels || [])].some((one) => one && one.textContent.trim());
    return !labels && !(node.getAttribute("aria-label") || node.title || node.textContent || node.getAttribute("alt") || "").trim();
  }).map(name);
}

function parse(colour) {
  const part = colour.match(/[\d.]+/g).map(Number);
  return part.length < 4 ? [...part, 1] : part;
}

/* Relative luminance by WCAG 2. */
function luminance(colour) {
  const linear = colour.slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function ground(node) {
  for (let one = node; one; one = one.parentElement) {
    const colour = parse(getComputedStyle(one).backgroundColor);
    if (colour[3] > 0.9) return colour;
  }
  return [255, 255, 255, 1];
}

/* Words whose contrast is below 4.5 (3 where they are large). */
function poor() {
  const found = [];
  for (const node of document.querySelectorAll(".top *, .panel *, .foot *, .legend *")) {
    if (!hasWords(node) || !node.checkVisibility() || node.disabled) continue;
    const style = getComputedStyle(node);
    const [a, b] = [luminance(parse(style.color)), luminance(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push([name(node), ratio.toFixed(2)]);
  }
  return found;
}

/* Words that run out of the window or of their own box, other than those that may be shortened and opened. */
function cut() {
  return [...document.querySelectorAll(".top *, .tabs *, .what-if *, .foot *, .list-notice")].filter((node) => {
    const style = getComputedStyle(node);
    const shortened = style.clipPath !== "none" || style.webkitLineClamp !== "none" || style.textOverflow === "ellipsis" || node.closest(".notice");
    if (!hasWords(node) || !node.checkVisibility() || shortened) return false;
    const box = node.getBoundingClientRect();
    const inner = node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1 && style.overflowX !== "visible";
    return box.left < -1 || box.right > innerWidth + 1 || inner;
  }).map(name);
}

function headings() {
  return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((node) => node.checkVisibility()).map((node) => Number(node.tagName[1]));
}

/* Lists that hold something else than items; ids that stand twice. */
function odd() {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return [...[...document.querySelectorAll("ul > :not(li), ol > :not(li)")].map(name), ...ids.filter((id, at) => ids.indexOf(id) !== at)];
}
