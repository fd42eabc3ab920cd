/** The client's types, generated from the document that the API serves as `/openapi.json`. */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { z } from "zod";
import { openApiDocument } from "../../edge-api/src/docs/openapi.ts";

const TYPES = new URL("../src/openapi.ts", import.meta.url);
const HEAD = "/** Generated from the OpenAPI document: `npm run client:types` writes it. */\n";

/**
 * The client's bearer is a key or an access token. Where a video is answered to its owner, or to its uploader by a
 * link without what is the owner's, the client gets the former.
 */
function ownersOf(schema: unknown): unknown {
  const both = twoSchema.safeParse(schema);
  return both.data?.anyOf[1].$ref.includes("/Linked") ? both.data.anyOf[0] : schema;
}

const refSchema = z.object({ $ref: z.string() });
const twoSchema = z.object({ anyOf: z.tuple([refSchema, refSchema]) });

/** The text of `src/openapi.ts` for the document as it is now. */
export async function generatedTypes(): Promise<string> {
  const document = JSON.parse(openApiDocument(), (_, value: unknown) => ownersOf(value));
  // Fields with a default may be left out of a request.
  const nodes = await openapiTS(document, { alphabetize: true, defaultNonNullable: false });
  return HEAD + astToString(nodes);
}

/** The text of `src/openapi.ts` as it is kept. */
export const keptTypes = (): Promise<string> => readFile(TYPES, "utf8");

if (import.meta.main) await writeFile(TYPES, await generatedTypes());
