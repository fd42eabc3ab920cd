/** Secrets are created once, kept private, and never replaced silently. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credentialDigests, openSecrets, publicKeysOf, readSecrets } from "./secrets.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("they are made once, for the owner's eyes only", async () => {
  const first = await openSecrets(folder);
  expect((await stat(join(folder, "secrets.json"))).mode & 0o777).toBe(0o600);
  expect(await openSecrets(folder)).toEqual(first);
  const other = await mkdtemp(join(tmpdir(), "storagex-secrets-"));
  expect((await openSecrets(other)).databasePassword).not.toBe(first.databasePassword);
  await rm(other, { recursive: true, force: true });
});

test("a damaged file is an error, not a fresh start", async () => {
  await openSecrets(folder);
  const text = await readFile(join(folder, "secrets.json"), "utf8");
  await writeFile(join(folder, "secrets.json"), text.slice(0, 100));
  await expect(openSecrets(folder)).rejects.toThrow("is damaged");
});

test("a file that cannot be read is not taken for none", async () => {
  expect(await readSecrets(folder)).toBeUndefined();
  await mkdir(join(folder, "secrets.json"));
  await expect(readSecrets(folder)).rejects.toThrow("EISDIR");
});

test("readers of tokens get the public half, and it verifies what the private half signs", async () => {
  const { signingKeys } = await openSecrets(folder);
  const [key] = signingKeys.keys;
  if (!key) throw new Error("no key was made");
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .sign(await importJWK(key, "ES256"));
  const text = publicKeysOf(signingKeys);
  expect(text).not.toContain(key.d);
  const verified = await jwtVerify(token, createLocalJWKSet(JSON.parse(text)));
  expect(verified.protectedHeader.kid).toBe(key.kid);
});

test("workers, sender and importer are known by the SHA-256 of their secrets", () => {
  const [worker, sender, importer] = ["w", "s", "i"].map((id) => ({ id, secret: "abc" }));
  if (!worker || !sender || !importer) throw new Error("three are made");
  const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(credentialDigests({ worker, sender, importer })).toBe(`w:${hash},s:${hash},i:${hash}`);
});

test("what an earlier release wrote gets the secrets of sender and importer, once, and keeps the others", async () => {
  const { sender: _, importer: __, ...before } = await openSecrets(folder);
  await writeFile(join(folder, "secrets.json"), JSON.stringify(before));
  const after = await openSecrets(folder);
  const secret = expect.any(String);
  const sender = { id: "webhooks", secret };
  expect(after).toEqual({ ...before, sender, importer: { id: "imports", secret } });
  expect(await openSecrets(folder)).toEqual(after);
  // Of a release that had only the first, that one stays.
  await writeFile(join(folder, "secrets.json"), JSON.stringify({ ...before, sender: after.sender }));
  expect((await openSecrets(folder)).sender).toEqual(after.sender);
});
