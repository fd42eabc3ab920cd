/**
 * Rows as JSON text, put together from PostgreSQL's own text: numbers and JSON are copied, not parsed. The
 * values are those that Neon's client would give.
 */
import pg from "pg";

const { builtins } = pg.types;
const NUMBERS: ReadonlySet<number> = new Set([
  builtins.INT2,
  builtins.INT4,
  builtins.OID,
  builtins.FLOAT4,
  builtins.FLOAT8,
]);
/** OIDs of arrays that statements may return: int4, text, int8, float8. */
const ARRAYS: ReadonlySet<number> = new Set([1007, 1009, 1016, 1022]);

/** `{"columns": [names], "rows": [[values]]}`, in one line. `rows` hold PostgreSQL's text, or null. */
export function jsonOfRows(
  fields: readonly { name: string; dataTypeID: number }[],
  rows: readonly (readonly (string | null)[])[],
): string {
  const columns = JSON.stringify(fields.map(({ name }) => name));
  const lines = rows.map((row) => {
    const values = row.map((text, at) => (text === null ? "null" : jsonOf(text, fields[at]?.dataTypeID)));
    return `[${values.join(",")}]`;
  });
  return `{"columns":${columns},"rows":[${lines.join(",")}]}`;
}

function jsonOf(text: string, type = 0): string {
  if (type === builtins.JSONB) return text;
  // Line ends can only be between values: within a text they are escaped.
  if (type === builtins.JSON) return text.replaceAll(/[\r\n]/g, " ");
  if (type === builtins.BOOL) return text === "t" ? "true" : "false";
  // JSON has no infinity and no NaN.
  if (NUMBERS.has(type) && Number.isFinite(Number(text))) return text;
  if (ARRAYS.has(type)) return JSON.stringify(pg.types.getTypeParser(type)(text));
  return JSON.stringify(text);
}
