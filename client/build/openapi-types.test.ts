import { expect, test } from "vitest";
import { generatedTypes, keptTypes } from "./openapi-types.ts";

test("the client's types are those of the document: `npm run client:types` writes them", async () => {
  const [generated, kept] = await Promise.all([generatedTypes(), keptTypes()]);
  // A diff of 9,000 lines helps nobody.
  expect(kept === generated, "client/src/openapi.ts is stale: run `npm run client:types`").toBe(true);
});
