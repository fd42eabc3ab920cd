/** Playback tokens: repeatable, bound to all their fields, invalid when altered or expired. */
import { expect, test } from "vitest";
import { configWith, signingKey } from "../testing/config-with.ts";
import { type Right, readToken, writeToken } from "./access.ts";

const configOf = (...keys: object[]) => configWith({ STORAGEX_SIGNING_KEYS: JSON.stringify({ keys }) });
const config = configOf(signingKey("a", "secret-a"));
const right: Right = {
  videoId: "V1StGXR8_Z5jdHi6B-myT",
  generation: 2,
  issued: 1_795_000_000,
  expires: 1_795_003_900,
  grant: { kind: "owner", userId: "0123456789abcdefABCD" },
};
/** The format of the previous release. */
const old: Right = { ...right, grant: { kind: "unnamed" } };
const before = right.expires * 1000 - 1;

test("the same right is the same text, and comes back", async () => {
  const token = await writeToken(config, right);
  expect(await writeToken(config, right)).toBe(token);
  expect(await readToken(config, token, before)).toEqual(right);
});

test("it dies at its end", async () => {
  expect(await readToken(config, await writeToken(config, right), right.expires * 1000)).toBeUndefined();
});

test("it names its grant, and no token stands on another's", async () => {
  const other: Right = { ...right, grant: { kind: "owner", userId: "ABCDabcdef0123456789" } };
  const [token, others, unnamed] = await Promise.all(
    [right, other, old].map((each) => writeToken(config, each)),
  );
  if (!token || !others || !unnamed) throw new Error("no token");
  const tagOf = (text: string) => text.slice(text.lastIndexOf("."));
  const claimOf = (text: string) => text.slice(0, text.lastIndexOf("."));
  for (const [claim, tag] of [
    [token, others],
    [token, unnamed],
    [unnamed, token],
  ] as const)
    expect(await readToken(config, claimOf(claim) + tagOf(tag), before)).toBeUndefined();
});

test("one of the release before goes on, and is known as such", async () => {
  const token = await writeToken(config, old);
  expect(token.split(".")).toHaveLength(5);
  expect(await readToken(config, token, before)).toEqual(old);
});

test("no character of it may change", async () => {
  for (const each of [right, old]) {
    const token = await writeToken(config, each);
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === "1" ? "2" : "1";
      expect(
        await readToken(config, token.slice(0, at) + other + token.slice(at + 1), before),
      ).toBeUndefined();
    }
  }
});

test("a new signing key takes over while the old one still verifies; a foreign one does not", async () => {
  const token = await writeToken(config, right);
  const rotated = configOf(signingKey("b", "secret-b"), signingKey("a", "secret-a"));
  expect(await readToken(rotated, token, before)).toEqual(right);
  expect(await writeToken(rotated, right)).not.toBe(token);
  expect(await readToken(configOf(signingKey("b", "secret-b")), token, before)).toBeUndefined();
});
