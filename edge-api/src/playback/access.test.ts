/** Playback tokens: repeatable, bound to all they say, dead when altered or late. */
import { expect, test } from "vitest";
import { configWith, signingKey } from "../testing/config-with.ts";
import { readToken, writeToken } from "./access.ts";

const configOf = (...keys: object[]) => configWith({ STORAGEX_SIGNING_KEYS: JSON.stringify({ keys }) });
const config = configOf(signingKey("a", "secret-a"));
const right = {
  videoId: "V1StGXR8_Z5jdHi6B-myT",
  generation: 2,
  issued: 1_795_000_000,
  expires: 1_795_003_900,
};
const before = right.expires * 1000 - 1;

test("the same right is the same text, and comes back", async () => {
  const token = await writeToken(config, right);
  expect(await writeToken(config, right)).toBe(token);
  expect(await readToken(config, token, before)).toEqual(right);
});

test("it dies at its end", async () => {
  expect(await readToken(config, await writeToken(config, right), right.expires * 1000)).toBeUndefined();
});

test("no character of it may change", async () => {
  const token = await writeToken(config, right);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === "1" ? "2" : "1";
    expect(await readToken(config, token.slice(0, at) + other + token.slice(at + 1), before)).toBeUndefined();
  }
});

test("a new signing key takes over while the old one still verifies; a foreign one does not", async () => {
  const token = await writeToken(config, right);
  const rotated = configOf(signingKey("b", "secret-b"), signingKey("a", "secret-a"));
  expect(await readToken(rotated, token, before)).toEqual(right);
  expect(await writeToken(rotated, right)).not.toBe(token);
  expect(await readToken(configOf(signingKey("b", "secret-b")), token, before)).toBeUndefined();
});
