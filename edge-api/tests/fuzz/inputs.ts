/** Requests that fit the document, and some that do not: as fast-check draws and shrinks them. */
import fc, { type Arbitrary } from "fast-check";
import type { ApiDocument, JsonSchema, Operation } from "./document.ts";

/** What stands in for an id until the request is sent: `own` and `others` name one that exists then. */
export const ID = /\{\{(own|others) (\d+)\}\}/g;

export type Drawn = {
  operation: string;
  caller: number;
  path: Record<string, string | undefined>;
  query: [string, string][];
  headers: Record<string, string | undefined>;
  /** The body's text; undefined for none. */
  body: string | undefined;
  contentType: string;
};

const HOSTILE_TEXT = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "a\nb",
  "' OR 1=1 --",
  "%00",
  "../../etc/passwd",
  "__proto__",
  "\u202eتحية",
  "ﬀ".repeat(40),
  "😀".repeat(300),
  "x".repeat(6_000),
  "-1",
  "1e999",
  "null",
];
const HOSTILE: readonly unknown[] = [
  ...HOSTILE_TEXT,
  null,
  true,
  0,
  -1,
  0.5,
  2 ** 53,
  1e300,
  [],
  {},
  [[[[[]]]]],
  { constructor: 1, ["__proto__"]: 1 },
];

const place = fc.nat({ max: 40 });
const id = fc.oneof(
  { weight: 8, arbitrary: place.map((n) => `{{own ${n}}}`) },
  { weight: 4, arbitrary: place.map((n) => `{{others ${n}}}`) },
  { weight: 1, arbitrary: fc.stringMatching(/^[\w-]{22}$/) },
);
const headers = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.constantFrom("k1", "k2", '"1"', 'W/"3"', "*", "-", "9999999") },
);
/** Not in a path: these change which path it is. */
const isSegment = (text: string) => !["", ".", ".."].includes(text) && text.isWellFormed();
const segment = fc.oneof(
  { weight: 20, arbitrary: id },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_TEXT.filter(isSegment)) },
);

/** By any of the callers, each a number; half of the requests hardly ever hold what their schema refuses. */
export function requests({ operations, schemas }: ApiDocument, callers: readonly number[]): Arbitrary<Drawn> {
  return fc.oneof(
    ...operations.flatMap((operation) =>
      [true, false].map((isCareful) => ({
        weight: isSlow(operation) ? 1 : 30,
        arbitrary: request(operation, schemas, callers, isCareful),
      })),
    ),
  );
}

/** A password is hashed: a hundred times as long as anything else. */
const isSlow = ({ path }: Operation) =>
  /auth\/(register|login|setup|join)$|me\/(password|delete)$/.test(path);

function request(
  operation: Operation,
  schemas: ApiDocument["schemas"],
  callers: readonly number[],
  isCareful: boolean,
): Arbitrary<Drawn> {
  const values = valuesOf(schemas, isCareful ? 400 : 8);
  const of = (where: string) => operation.parameters.filter((parameter) => parameter.in === where);
  const named = (where: string, known: Arbitrary<string>) =>
    fc.record(Object.fromEntries(of(where).map(({ name }) => [name, known])));
  const json = operation.body && values(operation.body).map((value) => JSON.stringify(value));
  const notJson = fc.constantFrom("", "{", "[]", "null", '{"a":');
  const body = json
    ? fc.oneof({ weight: isCareful ? 99 : 9, arbitrary: json }, notJson, json.map(cut))
    : fc.constant(undefined);
  return fc.record({
    operation: fc.constant(operation.name),
    caller: fc.constantFrom(...callers),
    path: named("path", segment),
    query: fc
      .tuple(
        ...of("query").map(({ name, schema }) =>
          fc.option(values(schema, name).map(pairs(name)), { freq: 1 }),
        ),
      )
      .map((all) => all.flatMap((each) => each ?? [])),
    headers: named("header", headers),
    body,
    contentType: isCareful
      ? fc.constant("application/json")
      : fc.oneof(
          { weight: 20, arbitrary: fc.constant("application/json") },
          fc.constantFrom("text/plain", "application/x-www-form-urlencoded", "*"),
        ),
  });
}

/** A list is a parameter that is given several times. */
const pairs =
  (name: string) =>
  (value: unknown): [string, string][] =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, textOf(each)]);
const cut = (text: string) => text.slice(0, Math.floor(text.length / 2));
const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

/** What a schema cannot say and a handler wants, by the name of the field. */
const SENSIBLE: Readonly<Record<string, readonly unknown[]>> = {
  content: ["WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"],
  language: ["en", "de"],
  url: ["https://example.com/hook"],
  password: ["a long password"],
  partNumbers: [[1]],
  contentType: ["video/mp4", "image/png"],
  filename: ["film.mp4", "picture.png"],
  at: [0],
};

/** Draws values of a schema; one in `rarity` is anything else. */
function valuesOf(schemas: ApiDocument["schemas"], rarity: number) {
  const value = (schema: JsonSchema, name?: string): Arbitrary<unknown> => {
    const sensible = SENSIBLE[name ?? ""];
    const fit = fitting(schema);
    return fc.oneof(
      { weight: rarity - 1, arbitrary: sensible ? fc.oneof(fit, fc.constantFrom(...sensible)) : fit },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
    );
  };

  function fitting(schema: JsonSchema): Arbitrary<unknown> {
    if (schema.$ref) return fitting(schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const some = schema.anyOf ?? schema.oneOf;
    if (some) return fc.oneof(...some.map(fitting));
    if (schema.allOf)
      return fc.tuple(...schema.allOf.map(fitting)).map((parts) => Object.assign({}, ...parts) as unknown);
    const types = [schema.type ?? "object"].flat();
    return fc.oneof(...types.map((type) => ofType(type, schema)));
  }

  function ofType(type: string, schema: JsonSchema): Arbitrary<unknown> {
    switch (type) {
      case "string":
        return texts(schema);
      case "integer":
        return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) });
      case "number":
        return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true });
      case "boolean":
        return fc.boolean();
      case "null":
        return fc.constant(null);
      case "array":
        return fc.array(value(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 5, Math.max(5, schema.minItems ?? 0)),
        });
      default:
        return objects(schema);
    }
  }

  function objects({ properties = {}, required = [], additionalProperties }: JsonSchema): Arbitrary<unknown> {
    const known = fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, value(each, name)])),
      { requiredKeys: required.filter((name) => name in properties) },
    );
    if (typeof additionalProperties !== "object") return known;
    const more = fc.dictionary(fc.string({ minLength: 1, maxLength: 40 }), value(additionalProperties), {
      maxKeys: 5,
    });
    return fc.tuple(known, more).map(([own, rest]) => ({ ...rest, ...own }));
  }

  return value;
}

function texts({ format, minLength = 0, maxLength = 60 }: JsonSchema): Arbitrary<string> {
  switch (format) {
    case "email":
      return fc.emailAddress();
    case "uri":
      return fc.webUrl();
    case "date-time":
      return fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
        .map((date) => date.toISOString());
    default: {
      const sizes = { minLength, maxLength: Math.min(maxLength, minLength + 30) };
      return fc.oneof(
        fc.string({ unit: "binary", ...sizes }),
        fc.string({ unit: "grapheme-ascii", ...sizes }),
        id,
      );
    }
  }
}
