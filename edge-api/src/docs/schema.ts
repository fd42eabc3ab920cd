/** JSON Schemas as HTML: a type in words, its limits, and the fields of an object. */
import { escaped } from "@storagex/contract/text/html";
import { inline } from "./markdown.ts";
import type { OpenApi } from "./openapi.ts";

export type Schemas = NonNullable<NonNullable<OpenApi["components"]>["schemas"]>;
export type Schema = Schemas[string];

export const isRef = (schema: Schema): schema is Extract<Schema, { $ref: string }> => "$ref" in schema;

/** The name of a schema that a reference points to. */
export const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

const linkTo = (name: string): string => `<a href="#schema-${name}">${name}</a>`;
const code = (value: unknown): string => `<code>${escaped(JSON.stringify(value))}</code>`;
const joined = (types: readonly string[], word: string): string => [...new Set(types)].join(` ${word} `);

/** Such as `string or null`, `list of Video`; with links. */
export function typeOf(schema: Schema): string {
  if (isRef(schema)) return linkTo(nameOf(schema.$ref));
  if (schema.enum) return joined(schema.enum.map(code), "or");
  if (schema.const !== undefined) return code(schema.const);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return joined(either.map(typeOf), "or");
  if (schema.allOf)
    return (
      joined(
        schema.allOf.map(typeOf).filter((type) => type !== ANY),
        "and",
      ) || ANY
    );
  const types = [schema.type ?? ANY].flat();
  return joined(
    types.map((type) => {
      if (type === "array") return schema.items ? `list of ${typeOf(schema.items)}` : "list";
      const values = type === "object" ? schema.additionalProperties : undefined;
      return typeof values === "object" ? `map to ${typeOf(values)}` : type;
    }),
    "or",
  );
}

const ANY = "anything";

function limitsOf(schema: Schema): string {
  if (isRef(schema)) return "";
  const { minLength, maxLength, minItems, maxItems, minimum, maximum, pattern, format } = schema;
  const limits = [
    format ?? "",
    rangeOf(minLength, maxLength, "characters"),
    rangeOf(minItems, maxItems, "entries"),
    rangeOf(minimum, maximum, ""),
    pattern === undefined ? "" : `pattern <code>${escaped(pattern)}</code>`,
    schema.default === undefined ? "" : `default ${code(schema.default)}`,
    schema.example === undefined ? "" : `such as ${code(schema.example)}`,
  ];
  return limits.filter(Boolean).join(" · ");
}

function rangeOf(min: number | undefined, max: number | undefined, unit: string): string {
  const known = { min: min !== undefined && min > 0 ? min : undefined, max };
  // The largest integer is no limit that anybody set.
  if (max === undefined || max >= Number.MAX_SAFE_INTEGER)
    return known.min === undefined ? "" : `at least ${known.min} ${unit}`.trim();
  return (known.min === undefined ? `at most ${max} ${unit}` : `${known.min} to ${max} ${unit}`).trim();
}

/** One field or parameter: its name, type, limits, meaning, and the fields of an object written in its place. */
export function fieldOf(name: string, schema: Schema, isRequired: boolean, description?: string): string {
  const meaning = description ?? (isRef(schema) ? undefined : schema.description);
  const limits = limitsOf(schema);
  return `<div><dt><code>${escaped(name)}</code>${isRequired ? " <b>required</b>" : ""} <span>${typeOf(schema)}</span></dt>
<dd>${meaning ? `<p>${inline(meaning)}</p>` : ""}${limits ? `<p class="mute">${limits}</p>` : ""}${fieldsOf(schema)}</dd></div>`;
}

/** The fields of an object, or of the objects in a list or a choice; empty for everything that has a name. */
export function fieldsOf(schema: Schema): string {
  if (isRef(schema)) return "";
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (parts) return parts.map(fieldsOf).filter(Boolean).join('<p class="mute">or</p>');
  if (schema.items) return fieldsOf(schema.items);
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return "";
  const rows = fields.map(([name, field]) => fieldOf(name, field, schema.required?.includes(name) ?? false));
  return `<dl class="fields">${rows.join("\n")}</dl>`;
}
