/** A call as a command to copy, with a body that the schema accepts. */
import { isRef, nameOf, type Schema, type Schemas } from "./schema.ts";

/** A value for the schema: its example, else the smallest that says what belongs there. */
export function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (isRef(schema)) {
    const named = schemas[nameOf(schema.$ref)];
    return named === undefined ? {} : exampleOf(named, schemas);
  }
  const given = schema.example ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given;
  const [part] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (part) return exampleOf(part, schemas);
  const type = [schema.type].flat()[0];
  if (type === "object") {
    const fields = Object.entries(schema.properties ?? {});
    const required = fields.filter(([name]) => schema.required?.includes(name));
    // A change needs one field at least.
    const shown = required.length > 0 ? required : fields.slice(0, schema.minProperties ?? 0);
    return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field, schemas)]));
  }
  if (type === "array") return schema.items ? [exampleOf(schema.items, schemas)] : [];
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  return type === "boolean" ? true : "…";
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
          `-d '${JSON.stringify(exampleOf(body, schemas)).replaceAll("'", "'\\''")}'`,
        ]),
  ];
  return lines.join(" \\\n  ");
}
