/**
 * `npm run formats`: takes a file of every entry through a running product, keeps the measurements, and
 * writes docs/formats.md.
 */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatsDoc, resultsSchema } from "./formats-doc.ts";

const RESULTS = join(import.meta.dirname, "formats.json");
const DOCUMENT = join(import.meta.dirname, "../../docs/formats.md");

const { status } = spawnSync(
  "npx",
  ["vitest", "run", "--project", "e2e", "e2e/media.e2e.test.ts", "-t", "formats"],
  { stdio: "inherit", env: { ...process.env, STORAGEX_FORMATS_RESULTS: RESULTS } },
);
if (status !== 0) process.exit(status ?? 1);
const results = resultsSchema.parse(JSON.parse(await readFile(RESULTS, "utf8")));
await writeFile(DOCUMENT, formatsDoc(results));
spawnSync("npx", ["biome", "format", "--write", RESULTS], { stdio: "inherit" });
