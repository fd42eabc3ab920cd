/** The text of one cue made harmless: WebVTT's own tags in balance, everything else shown as what was typed or left out. */

/** Tags that stay (WebVTT 1.0, 3.5); `rt` only means something inside `ruby`, and comes with it. */
const ALLOWED_TAGS = new Set(["b", "i", "u", "c", "v", "lang", "ruby", "rt"]);
/** Tags whose start says something: who speaks, and in which language. */
const ANNOTATED = new Set(["v", "lang"]);
/** Deeper is no caption, and would make unmatched ends dear. */
const MAX_OPEN = 16;
/** A tag as HTML and WebVTT write it, closed on the same cue; `<3` and `a < b` are text. */
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\.[\w-]+)*)(?:[\s/]([^<>]*))?>|<[\d:.]+>|<[!?][^<>]*>/gi;
const NAMED = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  lrm: "\u200e",
  rlm: "\u200f",
};
const isNamed = (name: string): name is keyof typeof NAMED => Object.hasOwn(NAMED, name);

/** Character references as they are used in captions; others stay the text that they are. */
function decode(text: string): string {
  return text.replaceAll(/&(?:(\w{2,4})|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name !== undefined) return isNamed(name) ? NAMED[name] : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isText = code >= 32 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
    return isText ? String.fromCodePoint(code) : "";
  });
}

/**
 * No character of it can begin a tag, a reference or a time line. A `<` becomes its look-alike U+2039, not `&lt;`: players
 * exist (vidstack's among them) that decode references and put what they get into the page as HTML.
 */
const asText = (text: string) =>
  decode(text).replaceAll("<", "\u2039").replaceAll("&", "&amp;").replaceAll(">", "&gt;");

/** Hyphens at the end of a tag would make it an arrow, which begins a cue. */
const withoutArrow = (text: string) => text.replace(/-+$/, "");

/** A name in a tag; the same players write it between double quotes. */
const asName = (text: string) =>
  asText(withoutArrow(text.replaceAll(/\s+/g, " ").trim())).replaceAll('"', "\u201d");

/** Whether anything is left to see. */
export const isBlank = (text: string): boolean => text.replaceAll(/<[^>]*>|&nbsp;|\s/g, "") === "";

/**
 * The payload of a cue as it may be stored: WebVTT's tags but timestamps, every one closed; the text around other tags
 * stays. Blank lines would end the cue: they go. `onForeign` is called once where markup other than WebVTT's is removed.
 */
export function cleanCueText(payload: string, onForeign: () => void = () => undefined): string {
  const open: string[] = [];
  let out = "";
  let from = 0;
  let isForeign = false;
  const close = (): void => {
    out += `</${open.pop()}>`;
  };
  for (const match of payload.matchAll(TAG)) {
    out += asText(payload.slice(from, match.index));
    from = match.index + match[0].length;
    const [, slash, name = "", classes = "", annotation = ""] = match;
    const tag = name.toLowerCase();
    if (!ALLOWED_TAGS.has(tag)) {
      // The times within a cue at which its words are spoken are WebVTT's own.
      isForeign ||= !/^<[\d:.]+>$/.test(match[0]);
      continue;
    }
    // A voice within a voice is the next one to speak.
    if ((slash === "/" || tag === "v") && open.includes(tag)) {
      while (open.at(-1) !== tag) close();
      close();
    }
    if (slash === "/" || (tag === "rt" && open.at(-1) !== "ruby")) continue;
    const words = ANNOTATED.has(tag) ? asName(annotation) : "";
    // A voice without a name, or a language without a tag, is no valid tag.
    if ((ANNOTATED.has(tag) && words === "") || open.length >= MAX_OPEN) continue;
    open.push(tag);
    out += `<${tag}${withoutArrow(classes)}${words && ` ${words}`}>`;
  }
  out += asText(payload.slice(from));
  while (open.length > 0) close();
  if (isForeign) onForeign();
  return out
    .split("\n")
    .filter((line) => !isBlank(line) || /<[^>]*>/.test(line))
    .join("\n");
}
