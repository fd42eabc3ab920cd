/** Numbers in the words of an upload link's page are those of the contract. */
import { MAX_OPEN_OF_LINK } from "@storagex/contract/uploads/upload-links";
import { expect, test } from "vitest";
import { linked as german } from "./de/linked.ts";
import { t } from "./linked.ts";

test("a busy link says how many uploads it allows at a time", () => {
  for (const { busy } of [t("states"), german.states])
    expect(busy.why.toLowerCase()).toContain(` ${MAX_OPEN_OF_LINK} uploads `);
});
