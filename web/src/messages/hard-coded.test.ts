/** No component holds words that people read: they stand in this folder, so that every language has them. */
import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseAst } from "vite";
import { expect, test } from "vitest";

const SOURCES = join(import.meta.dirname, "..");

/** Read by programs, or the same in every language. */
const ALLOWED = new Set([
  ...["StorageX", "Storage", "CC", "MP4 MOV MKV WEBM TS AVI", "npm run admin -- reset-password EMAIL"],
  ...[
    "kid",
    "sub",
    'aud: "storagex"',
    "exp",
    "/embed/&#123;id&#125;?token=…",
    "FFmpeg {}",
    "Bearer {}",
    "Authorization: Bearer sxk_…",
    "Audio",
  ],
  // Names of keys, events, errors and types.
  ...[
    "Enter",
    "Escape",
    "Home",
    "End",
    "Tab",
    "Files",
    "Notification",
    "ApiError",
    "PutError",
    "UnansweredError",
    "UnreadableError",
    "Arrow",
  ],
  ...["ManagedMediaSource", "MediaSource", "UnreachedError", "the same password"],
  // Errors that a program catches.
  ...[
    "storage was not reached",
    "storage did not answer",
    "Storage answered {}",
    "the file cannot be read any more",
    "part {} was not sent",
  ],
  ...[
    "the answer held no URL for part {}",
    "the stream answered {}",
    "the object store answered {}",
    "The answer is not as the contract says: {}",
  ],
  // Units.
  ...["{} min {} s", "{} h {} min"],
]);

/** Attributes whose text nobody reads. */
const SILENT = /^(class|d|viewBox|href|src|accept|style|autocomplete|stroke.*|fill|sizes|points)$/;

type Node = { type: string; [key: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Calls back for each text of the syntax tree; `isShown`: it stands where only text for people stands. */
function textsOf(node: Node, found: (text: string, isShown: boolean) => void): void {
  if (
    /^(Import|Export(Named|All)|TS(?!As|Satisfies|NonNull))/.test(node.type) &&
    !("declaration" in node && node.declaration)
  )
    return;
  if (node.type === "JSXAttribute" && isNode(node.name) && SILENT.test(String(node.name.name))) return;
  if (node.type === "JSXText") found(String(node.value).replaceAll(/\s+/g, " ").trim(), true);
  if (node.type === "Literal" && typeof node.value === "string") found(node.value, false);
  if (node.type === "TemplateLiteral" && Array.isArray(node.quasis))
    found(node.quasis.map(({ value }) => String(value.cooked)).join("{}"), false);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) textsOf(child, found);
}

/** A sentence, or a label: three words in a row, or a capital and no sign of a style or a format. */
const isProse = (text: string) =>
  /\p{Ll}{2,} \p{Ll}+ \p{Ll}{2,}/u.test(text)
    ? !/(^| )[a-z]+-[a-z0-9[]|:[a-z]/.test(text)
    : /^\p{Lu}\p{Ll}+[ .…?!]?/u.test(text);

function wordsIn(code: string): string[] {
  const words: string[] = [];
  const tree: unknown = parseAst(code, { lang: "tsx" });
  if (!isNode(tree)) throw new Error("no syntax tree");
  textsOf(tree, (text, isShown) => {
    const isWords = isShown ? /\p{L}{2}/u.test(text) : isProse(text);
    if (isWords && !ALLOWED.has(text.trim())) words.push(text);
  });
  return words;
}

test("finds labels, sentences and text between tags, and no classes", () => {
  const code = `const a = <p class="grid gap-2 md:grid-cols-2 text-mute" title="Retry">Not <b>so</b>{busy ? "Saving" : x}</p>;
    const b = \`\${count} videos are waiting for you\`; const c = "grid place-items-center border-l-3";`;
  expect(wordsIn(code)).toEqual(["Retry", "Not", "so", "Saving", "{} videos are waiting for you"]);
});

test("no component, act or status holds words of its own", async () => {
  const found: Record<string, string[]> = {};
  for await (const path of glob(join(SOURCES, "**/*.{ts,tsx}"))) {
    const name = relative(SOURCES, path);
    if (/^messages\/|\.test\.ts$|\.d\.ts$/.test(name)) continue;
    const words = wordsIn(readFileSync(path, "utf8"));
    if (words.length > 0) found[name] = words;
  }
  expect(found).toEqual({});
});
