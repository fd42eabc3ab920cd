import { type Schema, Validator } from "@cfworker/json-schema";
import { expect, test } from "vitest";
import { openApi, openApiDocument } from "./openapi.ts";
import { operationsOf } from "./operations.ts";

const { webhooks, components } = openApi();
const events = Object.entries(webhooks ?? {}).flatMap(([path, item]) =>
  "post" in item && item.post ? [{ method: "webhook", path, declared: item.post }] : [],
);
const operations = [...operationsOf(openApi()), ...events].map(
  ({ method, path, declared }) => [`${method} ${path}`, declared] as const,
);

type Media = { schema?: unknown; example?: unknown };

/** What a call takes and what it answers. */
function mediaOf(declared: (typeof operations)[number][1]): [string, Media][] {
  const answers = Object.entries(declared.responses ?? {}).filter(([status]) => status.startsWith("2"));
  return [["body", declared.requestBody] as const, ...answers].flatMap(([name, part]): [string, Media][] => {
    const content: Record<string, Media> = part && "content" in part && part.content ? part.content : {};
    return Object.entries(content).map(([type, media]) => [`${name} ${type}`, media]);
  });
}

/** Texts of an example that say nothing. */
const isEmpty = (example: unknown): boolean => JSON.stringify(example).includes('"…"');

test("every operation has a summary, and a description that says more", () => {
  expect(operations.length).toBeGreaterThan(80);
  for (const [name, { summary = "", description = "" }] of operations) {
    expect(summary.length, name).toBeGreaterThan(4);
    expect(description.length, name).toBeGreaterThan(15);
    expect(description, name).not.toBe(summary);
  }
});

test.each(operations)("%s has examples, which its schemas accept", (_, declared) => {
  for (const [name, { schema, example = Reflect.get(schema ?? {}, "example") }] of mediaOf(declared)) {
    expect(example, name).toBeDefined();
    const whole: Schema = { ...(schema as Schema), components };
    const { valid, errors } = new Validator(whole, "2020-12").validate(example);
    expect(valid, `${name}: ${JSON.stringify(errors.at(-1))} of ${JSON.stringify(example)}`).toBe(true);
    expect(isEmpty(example), `${name}: ${JSON.stringify(example)}`).toBe(false);
  }
  for (const parameter of declared.parameters ?? [])
    if ("in" in parameter && parameter.in === "path")
      expect(parameter.example ?? Reflect.get(parameter.schema ?? {}, "example"), parameter.name).toMatch(
        /\w/,
      );
});

test("the document stays small enough to be fetched by every page of the reference", () => {
  expect(openApiDocument().length).toBeLessThan(500_000);
});
