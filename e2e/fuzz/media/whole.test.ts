/** Whether a failure of the whole path counts as the file's own or as a finding. */
import { expect, test } from "vitest";
import { failed } from "./whole.ts";

const refused = { ended: "source.damaged", made: null };

test("a reason of the file's own, the same that the plan alone gives, is none", () => {
  expect(failed({ code: "source.damaged", message: "" }, refused).fault).toBeNull();
});

test.each([
  ["source.truncated", /where the plan alone says source\.damaged/],
  ["transcoder.crashed", /^The encoder/],
  ["transcoder.gave_up", /^The encoder/],
  ["source.unreadable", /^The encoder/],
])("%s is a finding", (code, fault) => {
  expect(failed({ code, message: "The encoder …" }, refused).fault).toMatch(fault);
});
