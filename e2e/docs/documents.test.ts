/** What the documents name is there: files and folders of the repository, each other's headings, every decision. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const DECISIONS = "docs/decisions/";
/** Written by measurements, and not kept. */
const MADE = ["bench/results"];

/** Neither kept nor written by us. */
const NOT_OURS = new Set([
  "node_modules",
  "dist",
  "coverage",
  "test-results",
  ".git",
  ".storagex",
  ".output",
  ".wrangler",
]);

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const files = filesBelow("");
const folders = new Set(files.flatMap((file) => above(file)));
const documents = files.filter((file) => file.endsWith(".md"));
const textOf = (document: string) => readFileSync(join(ROOT, document), "utf8");

/** `a/b/c.ts`: `a` and `a/b`. */
function above(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

/** Every path, each also without its first folders and without its ending: documents shorten them so. */
const known = new Set(
  [...files, ...folders].flatMap((path) => {
    const names = path.split("/");
    const shorter = names.map((_, index) => names.slice(index).join("/"));
    return [...shorter, ...shorter.map((each) => each.replace(/\.[a-z]+$/, ""))];
  }),
);
/** What a path of ours begins with: a folder of the repository, of a workspace's `src`, or of `media`. */
const beginnings = new Set(
  [...folders].flatMap((folder) => {
    const found = /^(?:([^/]+)|[^/]+\/src\/([^/]+)|transcode-node\/src\/media\/([^/]+))$/.exec(folder);
    return found ? [found[1] ?? found[2] ?? found[3] ?? ""] : [];
  }),
);

/** `a/{b,c}` is `a/b` and `a/c`. */
function spelledOut(path: string): string[] {
  const found = /^(.*)\{([^{}]+)\}(.*)$/.exec(path);
  if (!found) return [path];
  const [, before = "", choices = "", after = ""] = found;
  return choices.split(",").flatMap((choice) => spelledOut(before + choice + after));
}

/** Paths in backticks, outside of blocks of code. */
function pathsIn(text: string): string[] {
  const quoted = text.replaceAll(/```.*?```/gs, "").matchAll(/`([\w.@{},-]+(?:\/[\w.@{},-]+)+)\/?`/g);
  return [...quoted]
    .flatMap(([, path = ""]) => spelledOut(path))
    .filter((path) => {
      if (/\.(ts|tsx|md|sql|mjs|toml|yml|css)$/.test(path)) return true;
      const isMediaType = /^(video|audio|image|text)\/[a-z0-9.+-]+$/.test(path);
      return !isMediaType && beginnings.has(path.split("/")[0] ?? "");
    });
}

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
const anchorsOf = (document: string) =>
  [
    ...textOf(document)
      .replaceAll(/```.*?```/gs, "")
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = ""]) => anchorOf(heading));

test("every path in backticks is a file or a folder of the repository", () => {
  const found = documents.flatMap((document) =>
    pathsIn(textOf(document)).map((path) => ({ document, path })),
  );
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ path }) => !known.has(path) && !MADE.some((made) => path.startsWith(made)))).toEqual(
    [],
  );
});

test("every link leads to a file, and to a heading of it", () => {
  const links = documents.flatMap((document) =>
    [...textOf(document).matchAll(/\]\((?!\w+:)([^()#\s]*)(?:#([^()\s]+))?\)/g)].map(
      ([, path = "", anchor]) => ({
        document,
        to: path === "" ? document : join(dirname(document), path),
        anchor,
      }),
    ),
  );
  expect(links.length).toBeGreaterThan(50);
  const leadsNowhere = ({ to, anchor }: { to: string; anchor: string | undefined }) =>
    !existsSync(join(ROOT, to)) || (anchor !== undefined && !anchorsOf(to).includes(anchor));
  expect(links.filter(leadsNowhere)).toEqual([]);
});

test("the index of decisions has a line for each, with its number and title", () => {
  const decisions = files.filter((file) => file.startsWith(DECISIONS) && !file.endsWith("README.md")).sort();
  const lines = decisions.map((file) => {
    const name = file.slice(DECISIONS.length);
    const [heading = ""] = textOf(file).split("\n");
    expect(heading, file).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
    return `- [${heading.slice(2)}](${name})`;
  });
  const index = textOf(`${DECISIONS}README.md`).split("\n");
  expect(index.filter((line) => line.startsWith("- "))).toEqual(lines);
});
