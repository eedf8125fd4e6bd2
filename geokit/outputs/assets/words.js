/* Fixed words in the reader's language and figures in its manner; what the study says stays as it was written. */
const DATA = JSON.parse(byId("data").textContent);
const FROM_RIGHT = ["ar", "ur"];
const LANGUAGE_PLACE = 9;
const LANGUAGE = languageOf(location.hash);
const MESSAGES = new Map(LANGUAGE === "en" ? [] : DATA.messages.en.map((words, at) => [words, DATA.messages[LANGUAGE][at]]));
/* Latin digits everywhere, so that a figure reads the same in a sentence and beside it. */
const LOCALE = FROM_RIGHT.includes(LANGUAGE) ? LANGUAGE + "-u-nu-latn" : LANGUAGE;

function languageOf(hash) {
  const asked = hash.slice(1).split("/")[LANGUAGE_PLACE];
  return Object.keys(DATA.messages).includes(asked) ? asked : "en";
}

/* The words in the reader's language; those that nobody translated stand in English. */
function t(words) {
  return MESSAGES.get(words) || words;
}

function formatFigure(value, options) {
  return new Intl.NumberFormat(LOCALE, options).format(value);
}

/* Words that stand in the page itself, and the direction of writing. */
function startWords() {
  document.documentElement.lang = LANGUAGE;
  document.documentElement.dir = FROM_RIGHT.includes(LANGUAGE) ? "rtl" : "ltr";
  document.querySelectorAll("[data-t]").forEach((node) => { node.textContent = t(node.textContent); });
}

function languageChoice() {
  const names = { en: "English", ...Object.fromEntries(Object.keys(DATA.messages).filter((code) => code !== "en").map((code) => [code, DATA.messages[code][DATA.messages.en.indexOf("English")]])) };
  const box = el("select", { id: "language", onchange: (event) => changeLanguage(event.target.value) }, Object.entries(names).map(([code, name]) => el("option", { value: code, lang: code }, name)));
  box.value = LANGUAGE;
  return el("label", { class: "language" }, t("Language"), " ", box);
}

/* Every word is drawn anew: the page opens again at the same place. */
function changeLanguage(code) {
  const parts = location.hash.slice(1).split("/");
  while (parts.length <= LANGUAGE_PLACE) parts.push("");
  parts[LANGUAGE_PLACE] = code;
  location.hash = parts.join("/");
}
