/** How every process reads its environment: all at once, with one message for everything that is wrong. */
import { z } from "zod";

/** Invalid settings; the message names every one of them and shows no value. */
export class SettingsError extends Error {
  constructor(lines: readonly string[]) {
    super(`Invalid settings:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
}

/**
 * Parses `env` with `schema`; an empty value counts as unset. Throws ONE `SettingsError` that names every bad
 * variable, with the description of its field as an example.
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const given = Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  const read = schema.safeParse(Object.fromEntries(given));
  if (read.success) return read.data;
  const fields: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  throw new SettingsError(
    read.error.issues.map(({ path, message }) => {
      const example = exampleOf(fields[String(path[0])]);
      return `${path.join(".")}: ${message}${example === undefined ? "" : ` (for example ${example})`}`;
    }),
  );
}

/** The description of the field, or of the type inside `optional` or a default. */
function exampleOf(field: z.core.$ZodType | undefined): string | undefined {
  if (field === undefined) return undefined;
  const { description } = z.globalRegistry.get(field) ?? {};
  if (description !== undefined) return description;
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault
    ? exampleOf(field.unwrap())
    : undefined;
}
