/** Examples of what calls take and answer, and calls as commands to copy. */
import { VALUES } from "./example-values.ts";
import { isRef, nameOf, type Schema, type Schemas } from "./schema.ts";

/** `whole`: with every field; otherwise only those that must be there. `owner`: the named schema or call around. */
export type How = { schemas: Schemas; whole: boolean; owner?: string };

/** A value for the schema of the field `name`: its own example, else a known value of that name, else the smallest. */
export function exampleOf(schema: Schema, how: How, name = ""): unknown {
  if (isRef(schema)) {
    const owner = nameOf(schema.$ref);
    const named = how.schemas[owner];
    return named === undefined ? {} : exampleOf(named, { ...how, owner }, name);
  }
  if (schema.example !== undefined) return schema.example;
  const values = VALUES[`${how.owner}.${name}`] ?? VALUES[name];
  const known = values?.find((value) => takes(schema, value, how.schemas));
  if (known !== undefined) return known;
  const given = schema.default ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, how, name)));
  const [part] = schema.anyOf ?? schema.oneOf ?? [];
  if (part) return exampleOf(part, how, name);
  const type = [schema.type].flat()[0];
  if (type === "object") return objectOf(schema, how);
  if (type === "array") return schema.items ? [exampleOf(schema.items, how, name)] : [];
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  if (type === "null") return null;
  return type === "boolean" ? true : "…";
}

function objectOf(schema: Exclude<Schema, { $ref: string }>, how: How): Record<string, unknown> {
  const fields = Object.entries(schema.properties ?? {});
  const required = fields.filter(([name]) => schema.required?.includes(name));
  // A change needs one field at least.
  const few = required.length > 0 ? required : fields.slice(0, schema.minProperties ?? 0);
  const shown = how.whole ? fields : few;
  return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field, how, name)]));
}

/** Whether a value may stand where the schema is, as far as a value of `VALUES` may be wrong there. */
function takes(schema: Schema, value: unknown, schemas: Schemas): boolean {
  if (isRef(schema)) {
    const named = schemas[nameOf(schema.$ref)];
    return named !== undefined && takes(named, value, schemas);
  }
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.some((part) => takes(part, value, schemas));
  if (schema.enum) return schema.enum.includes(value);
  if (schema.const !== undefined) return schema.const === value;
  return [schema.type].flat().some((type) => type !== undefined && isOf(type, value)) && fits(schema, value);
}

const isOf = (type: string, value: unknown): boolean => {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
};

function fits(schema: Exclude<Schema, { $ref: string }>, value: unknown): boolean {
  const { minLength = 0, maximum = Number.POSITIVE_INFINITY, pattern, format } = schema;
  if (typeof value === "number") return value <= maximum;
  if (typeof value !== "string") return true;
  if (value.length < minLength || (format === "uri" && !URL.canParse(value))) return false;
  return pattern === undefined || new RegExp(pattern, "u").test(value);
}

type Called = { method: string; path: string; needsToken: boolean; body: Schema | undefined };

/** `$STORAGEX` is the address of this product, `$TOKEN` an access token. */
export function commandOf({ method, path, needsToken, body }: Called, schemas: Schemas): string {
  const lines = [
    `curl -X ${method.toUpperCase()} "$STORAGEX${path}"`,
    ...(needsToken ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(body === undefined
      ? []
      : [
          '-H "content-type: application/json"',
          `-d '${JSON.stringify(exampleOf(body, { schemas, whole: false })).replaceAll("'", "'\\''")}'`,
        ]),
  ];
  return lines.join(" \\\n  ");
}
