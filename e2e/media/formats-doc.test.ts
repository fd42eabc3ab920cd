/** The document, the table and the files of the tests agree. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIO_CODECS, VIDEO_CODECS } from "@storagex/contract/formats/codecs";
import { CONTAINERS } from "@storagex/contract/formats/containers";
import { expect, test } from "vitest";
import { SAMPLES } from "./format-samples.ts";
import { formatsDoc, resultsSchema } from "./formats-doc.ts";

const results = resultsSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "formats.json"), "utf8")),
);

test("every entry of the table has a file, and each file was measured", () => {
  const held = (which: "video" | "audio" | "container") =>
    new Set<string>(SAMPLES.map((each) => each[which]));
  expect(Object.keys(VIDEO_CODECS).filter((codec) => !held("video").has(codec))).toEqual([]);
  expect(Object.keys(AUDIO_CODECS).filter((codec) => !held("audio").has(codec))).toEqual([]);
  expect(Object.keys(CONTAINERS).filter((container) => !held("container").has(container))).toEqual([]);
  expect(SAMPLES.map(({ file }) => file).filter((file) => !results[file])).toEqual([]);
});

test("docs/formats.md is what the table and the results come to: `npm run formats` writes it", () => {
  const document = readFileSync(join(import.meta.dirname, "../../docs/formats.md"), "utf8");
  expect(document).toBe(formatsDoc(results));
});
