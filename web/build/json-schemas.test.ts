/** What the browser checks answers by must refuse and accept what the contract's own schemas do. */
import { expect, test } from "vitest";
import type { z } from "zod";
import * as account from "../src/answers/account.ts";
import { answerOf } from "../src/answers/answer.ts";
import * as keys from "../src/answers/keys.ts";
import * as library from "../src/answers/library.ts";
import * as operators from "../src/answers/operators.ts";
import * as problem from "../src/answers/problem.ts";
import * as session from "../src/answers/session.ts";
import * as sharing from "../src/answers/sharing.ts";
import * as uploads from "../src/answers/uploads.ts";
import * as video from "../src/answers/video.ts";
import * as webhooks from "../src/answers/webhooks.ts";
import { jsonSchemaOf } from "./json-schemas.ts";

const MODULES = { account, keys, library, operators, problem, session, sharing, uploads, video, webhooks };
type Json = { [name: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** A value that the schema accepts: of alternatives the first, of everything optional all. */
function sampleOf(schema: unknown): unknown {
  if (!isObject(schema)) throw new Error("no schema");
  const [alternative] = [schema.oneOf, schema.anyOf].find(Array.isArray) ?? [];
  if (alternative) return sampleOf(alternative);
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object")
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, of]) => [name, sampleOf(of)]),
    );
  if (type === "array") return [sampleOf(schema.items)];
  if (type === "string") {
    const texts = ["text", "2026-01-31", "2026-01-31T00:00:00.000Z", "https://example.test/a"];
    return texts.find((text) => new RegExp(String(schema.pattern ?? ""), "u").test(text));
  }
  if (type === "number" || type === "integer") return Math.max(1, Number(schema.minimum ?? 1));
  return type === "boolean" ? true : null;
}

const WRONG = [null, true, -1, 0, 1.5, 2 ** 60, "", "text", "2026-02-30T00:00:00.000Z", [], {}];

/** The value with one place changed, for every place: left out, added to, or something else. */
function changed(value: unknown): unknown[] {
  if (!isObject(value)) return WRONG;
  const places = Object.entries(value).flatMap(([name, inner]) => {
    const others = changed(inner);
    if (Array.isArray(value)) return others.map((other) => [other]);
    const { [name]: _left, ...rest } = value;
    return [rest, ...others.map((other) => ({ ...value, [name]: other }))];
  });
  const added = Array.isArray(value) ? [] : [{ ...value, addedByNewerServer: 1 }];
  return [...WRONG, ...added, ...places];
}

const isWithin = (inner: unknown, outer: unknown): boolean =>
  isObject(inner)
    ? isObject(outer) && Object.entries(inner).every(([name, value]) => isWithin(value, outer[name]))
    : inner === outer;

const answers = Object.entries(MODULES).flatMap(([module, exports]) =>
  Object.entries<unknown>(exports).map(
    ([name, schema]) => [`${module}.${name}`, schema as z.ZodType] as const,
  ),
);

test.each(answers)("%s is checked in the browser as by the contract", (_name, schema) => {
  const described = jsonSchemaOf(schema);
  const answer = answerOf(described as Parameters<typeof answerOf>[0]);
  const sample = sampleOf(described);
  expect(schema.safeParse(sample).error).toBeUndefined();
  expect(answer.parse(sample)).toBe(sample);
  const refused = changed(sample).filter((value) => {
    // A default that zod would fill in is missing in the page: there the field is required.
    const { success, data } = schema.safeParse(value);
    const isAccepted = success && isWithin(data, value);
    expect(answer.safeParse(value).success, JSON.stringify(value)).toBe(isAccepted);
    return !isAccepted;
  });
  expect(refused.length).toBeGreaterThan(5);
  expect(() => answer.parse(refused[0])).toThrow("not as the contract says");
});
