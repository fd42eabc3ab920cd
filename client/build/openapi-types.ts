/** The client's types, generated from the document that the API serves as `/openapi.json`. */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { openApiDocument } from "../../edge-api/src/docs/openapi.ts";

const TYPES = new URL("../src/openapi.ts", import.meta.url);
const HEAD = "/** Generated from the OpenAPI document: `npm run client:types` writes it. */\n";

/** The text of `src/openapi.ts` for the document as it is now. */
export async function generatedTypes(): Promise<string> {
  // Fields with a default may be left out of a request.
  const nodes = await openapiTS(openApiDocument(), { alphabetize: true, defaultNonNullable: false });
  return HEAD + astToString(nodes);
}

/** The text of `src/openapi.ts` as it is kept. */
export const keptTypes = (): Promise<string> => readFile(TYPES, "utf8");

if (import.meta.main) await writeFile(TYPES, await generatedTypes());
