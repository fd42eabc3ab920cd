/**
 * Sanitizes the text of one cue: WebVTT's own tags are balanced, everything else becomes plain text or is
 * removed.
 */

/** Allowed tags (WebVTT 1.0, section 3.5); `rt` has a meaning only inside `ruby`. */
const ALLOWED_TAGS = new Set(["b", "i", "u", "c", "v", "lang", "ruby", "rt"]);
/** Tags whose start tag has an annotation: the speaker, or the language. */
const ANNOTATED = new Set(["v", "lang"]);
/** Captions do not nest deeper, and deeper nesting would make unmatched end tags expensive. */
const MAX_OPEN = 16;
/** A tag as HTML and WebVTT write it, closed in the same cue; `<3` and `a < b` are text. */
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

/** Character references that captions use; others remain as text. */
function decode(text: string): string {
  return text.replaceAll(/&(?:(\w{2,4})|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name !== undefined) return isNamed(name) ? NAMED[name] : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isText = code >= 32 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
    return isText ? String.fromCodePoint(code) : "";
  });
}

/**
 * Escapes text so that no character of it can begin a tag, a reference or a timing line. A `<` becomes its
 * look-alike U+2039, not `&lt;`: some players (vidstack's among them) decode references and insert the result
 * into the page as HTML.
 */
const asText = (text: string) =>
  decode(text).replaceAll("<", "\u2039").replaceAll("&", "&amp;").replaceAll(">", "&gt;");

/** Hyphens at the end of a tag would form an arrow, which begins a cue. */
const withoutArrow = (text: string) => text.replace(/-+$/, "");

/** A name in a tag; the same players write it between double quotes. */
const asName = (text: string) =>
  asText(withoutArrow(text.replaceAll(/\s+/g, " ").trim())).replaceAll('"', "\u201d");

/** Whether no visible text is left. */
export const isBlank = (text: string): boolean => text.replaceAll(/<[^>]*>|&nbsp;|\s/g, "") === "";

/**
 * The payload of a cue in the form that may be stored: WebVTT's tags except timestamps, every one closed.
 * Text around other tags is kept. Blank lines are removed because they would end the cue. `onForeign` is
 * called once where markup other than WebVTT's is removed.
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
      // Timestamp tags within a cue are WebVTT's own.
      isForeign ||= !/^<[\d:.]+>$/.test(match[0]);
      continue;
    }
    // A voice tag inside a voice tag is the next speaker.
    if ((slash === "/" || tag === "v") && open.includes(tag)) {
      while (open.at(-1) !== tag) close();
      close();
    }
    if (slash === "/" || (tag === "rt" && open.at(-1) !== "ruby")) continue;
    const words = ANNOTATED.has(tag) ? asName(annotation) : "";
    // A voice without a name, or a language without a tag, is not valid.
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
