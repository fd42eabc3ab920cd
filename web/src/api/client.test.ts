import { expect, test } from "vitest";
import { z } from "zod";
import { read } from "./client.ts";
import { throughOutages } from "./network.ts";

const reply = { ok: true, status: 201, json: async () => ({ id: "made" }) };

test("an answer whose schema comes late is read", async () => {
  const answer = Promise.resolve(z.object({ id: z.string() }));
  expect(await read(answer, Promise.resolve(reply))).toEqual({ id: "made" });
});

test("a page from before an update, which has no schema any more, does nothing twice and says what is wrong", async () => {
  let calls = 0;
  const act = throughOutages(() => {
    calls += 1;
    return read(Promise.reject(new Error("gone")), Promise.resolve(reply));
  });
  await expect(act).rejects.toMatchObject({ status: 201, code: "page.outdated" });
  await expect(act).rejects.toThrow("Reload it");
  expect(calls).toBe(1);
});
