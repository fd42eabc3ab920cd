/** The keys of access tokens, playback tokens and the bridge's tokens: the first signs, all verify. */
import { type CryptoKey, createLocalJWKSet, importJWK, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { Config } from "../config.ts";

export const ALGORITHM = "ES256";

export type Keys = {
  signer: { kid: string; privateKey: CryptoKey };
  /** The response of `/.well-known/jwks.json`; contains no private key. */
  publicSet: JSONWebKeySet;
  /** Finds the key that verifies a token; imports each key once. */
  find: JWTVerifyGetKey;
};

const imported = new WeakMap<Config, Promise<Keys>>();

/** The keys of this configuration, imported once per isolate. Throws if a key is not on its curve. */
export function keysOf(config: Config): Promise<Keys> {
  let keys = imported.get(config);
  if (!keys) {
    keys = importKeys(config);
    imported.set(config, keys);
  }
  return keys;
}

async function importKeys(config: Config): Promise<Keys> {
  const { keys } = config.STORAGEX_SIGNING_KEYS;
  const [first] = keys;
  if (!first) throw new Error("the key set is empty");
  const privateKey = await importJWK(first, ALGORITHM);
  if (privateKey instanceof Uint8Array) throw new Error("the signing key is not an EC key");
  const publicSet = {
    keys: keys.map(({ kty, crv, kid, x, y }) => ({ kty, crv, kid, x, y, alg: ALGORITHM, use: "sig" })),
  };
  return { signer: { kid: first.kid, privateKey }, publicSet, find: createLocalJWKSet(publicSet) };
}
