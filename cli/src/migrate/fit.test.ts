import { expect, test } from "vitest";
import { filenameFor, fit, fitTrack } from "./fit.ts";

test("what is too long, empty or not plain is made to fit", () => {
  const fields = fit({
    title: `  A\nfilm${"!".repeat(400)}`,
    description: `One\ntwo${"\0".repeat(3)}${"x".repeat(6_000)}`,
    tags: [
      "holiday",
      " ",
      "holiday",
      `${"t".repeat(49)}😀`,
      ...Array.from({ length: 30 }, (_, at) => `tag ${at}`),
    ],
    chapters: [
      { start: 62.5, title: "The lake" },
      { start: 0, title: "Arrival" },
      { start: 0, title: "" },
    ],
    metadata: { createdAt: "2026-01-31", empty: "", none: undefined, ["k".repeat(50)]: "v".repeat(600) },
  });
  expect(fields.title).toMatch(/^A film!+$/);
  expect(fields.title).toHaveLength(300);
  expect(fields.description).toMatch(/^One\ntwox+$/);
  expect(fields.description).toHaveLength(5_000);
  expect(fields.tags?.slice(0, 2)).toEqual(["holiday", "t".repeat(49)]);
  expect(fields.tags).toHaveLength(20);
  expect(fields.chapters).toEqual([
    { start: 0, title: "–" },
    { start: 62.5, title: "The lake" },
  ]);
  expect(fields.metadata).toEqual({ createdAt: "2026-01-31", ["k".repeat(40)]: "v".repeat(500) });
  expect(fit({ title: "A film", description: null, metadata: {} })).toEqual({
    title: "A film",
    metadata: {},
  });
});

test("a track without a name has its language's, a file without a title its id's", () => {
  expect(fitTrack("pt-BR", "")).toEqual({ language: "pt-BR", label: "Brazilian Portuguese" });
  expect(fitTrack("en", " English (US) ")).toEqual({ language: "en", label: "English (US)" });
  expect(fitTrack("_", undefined)).toEqual({ language: "_", label: "_" });
  expect(filenameFor("One/two", "v1", "mp4")).toBe("One_two.mp4");
  expect(filenameFor(" ", "v1", "mp4")).toBe("v1.mp4");
});
