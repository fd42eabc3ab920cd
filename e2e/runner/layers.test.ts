/** The linter's lists of layers (`biome.json`) and the documents name every folder that there is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const rulesSchema = z.object({
  overrides: z.array(
    z.object({
      includes: z.array(z.string()),
      linter: z.object({
        rules: z.object({
          style: z
            .object({
              noRestrictedImports: z
                .union([
                  z.string(),
                  z.object({
                    options: z.object({ patterns: z.array(z.object({ group: z.array(z.string()) })) }),
                  }),
                ])
                .optional(),
            })
            .optional(),
        }),
      }),
    }),
  ),
});
const { overrides } = rulesSchema.parse(JSON.parse(read("biome.json")));

/** The folders of a pattern such as `web/src/{ui,plots}/**`. */
const named = (pattern: string, before: string): string[] => {
  const [, folders] = /^\{?([a-z0-9,-]+)\}?\/\*\*$/.exec(pattern.slice(before.length)) ?? [];
  return pattern.startsWith(before) && folders ? folders.split(",") : [];
};

/** The rules of a workspace's folders: whom each is for, and which folders it keeps out. */
const rulesOf = (src: string) =>
  overrides.flatMap(({ includes, linter }) => {
    const rule = linter.rules.style?.noRestrictedImports;
    const folders = includes.flatMap((pattern) => named(pattern, src));
    if (folders.length === 0 || typeof rule !== "object") return [];
    const groups = rule.options.patterns.flatMap(({ group }) => group);
    return [{ folders, keepsOut: groups.flatMap((pattern) => named(pattern, "**/")) }];
  });

const foldersOf = (src: string, besides: readonly string[]): string[] =>
  readdirSync(join(ROOT, src), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !besides.includes(entry.name))
    .map(({ name }) => name)
    .sort();

const ruleOf = (src: string, folder: string) => {
  const rule = rulesOf(src).find(({ folders }) => folders.includes(folder));
  if (!rule) throw new Error(`biome.json has no rule for ${src}${folder}`);
  return rule;
};

test("what a workspace runs imports the inside of no other, and nothing of tests and measurements", () => {
  const others = ["edge-api", "transcode-node", "web", "stack", "s3-gateway", "client", "cli"];
  const rules = overrides.flatMap(({ includes, linter }) => {
    const rule = linter.rules.style?.noRestrictedImports;
    if (typeof rule !== "object") return [];
    const groups = rule.options.patterns.flatMap(({ group }) => group);
    return [{ of: includes.map((pattern) => pattern.split("/")[0] ?? ""), groups }];
  });
  expect(new Set(rules.flatMap(({ of }) => of))).toEqual(new Set(["contract", ...others]));
  for (const { of, groups } of rules) {
    const keptOut = groups.flatMap((pattern) => named(pattern, "**/"));
    const own = of.length === 1 ? of : [];
    const kept = [...others, "testing", "e2e", "bench"].filter((name) => !own.includes(name));
    expect(kept.filter((name) => !keptOut.includes(name))).toEqual([]);
    if (!of.includes("cli")) expect(groups.some((it) => /^@storagex\/(client|\*)$/.test(it))).toBe(true);
  }
});

/** Those of `folders` that `text` does not name. */
const missing = (text: string, folders: readonly string[]) =>
  folders.filter((folder) => !text.includes(`\`${folder}\``) && !text.includes(`\`${folder}/\``));

const paragraph = (path: string, begins: string): string => {
  const found = read(path)
    .split(/\n\n/)
    .find((text) => text.startsWith(begins));
  if (!found) throw new Error(`${path} has no paragraph that begins with ${begins}`);
  return found;
};

test("every folder of the edge API has a layer, and the base imports none above it", () => {
  const src = "edge-api/src/";
  // What tests share.
  const folders = foldersOf(src, ["testing"]);
  const rules = rulesOf(src);
  expect(rules.flatMap((rule) => rule.folders).sort()).toEqual(folders);
  const base = ruleOf(src, "db");
  expect(base.keepsOut.filter((folder) => folders.includes(folder)).sort()).toEqual(
    folders.filter((folder) => !base.folders.includes(folder)),
  );
  for (const path of ["docs/architecture.md", "CONTRIBUTING.md"])
    expect(missing(paragraph(path, "`edge-api"), folders)).toEqual([]);
});

test("every folder of the dashboard has a layer, and those below the views import none of them", () => {
  const src = "web/src/";
  // Words, schemas and styles, which any of them imports, and the script of pages for visitors.
  const folders = foldersOf(src, ["answers", "messages", "styles", "visitor", "routes"]);
  const rules = rulesOf(src);
  expect(rules.flatMap((rule) => rule.folders).sort()).toEqual(folders);
  const views = [...ruleOf(src, "library").folders, "routes"];
  const parts = ruleOf(src, "player");
  const plain = ruleOf(src, "ui");
  const api = ruleOf(src, "api");
  const keptOut = ({ keepsOut }: { keepsOut: string[] }) => [...new Set(keepsOut)].sort();
  expect(keptOut(ruleOf(src, "library"))).toEqual(expect.arrayContaining(["routes"]));
  expect(keptOut(parts)).toEqual(expect.arrayContaining([...views].sort()));
  expect(keptOut(api)).toEqual(expect.arrayContaining([...views, ...parts.folders, ...plain.folders]));
  expect(keptOut(plain)).toEqual(expect.arrayContaining([...views, ...parts.folders, ...api.folders]));
  expect(missing(paragraph("docs/architecture.md", "`web` goes"), folders)).toEqual([]);
});
