/** The secrets of one stack: made at its first start, kept in its data folder, readable by its owner only. */
import { createHash, randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";

const privateKey = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  kid: z.string().min(1),
  alg: z.literal("ES256"),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
const privateKeySet = z.object({ keys: z.array(privateKey).min(1) });

const stored = z.object({
  databasePassword: z.string().min(16),
  brokerPassword: z.string().min(16),
  s3AccessKeyId: z.string().min(8),
  s3SecretAccessKey: z.string().min(16),
  signingKeys: privateKeySet,
  worker: z.object({ id: z.string().min(1), secret: z.string().min(16) }),
});

export type Secrets = z.infer<typeof stored>;
export type SigningKeys = z.infer<typeof privateKeySet>;

/** Reads the secrets of a data folder, or makes them. A damaged file is an error: new ones would lose the data. */
export async function openSecrets(folder: string): Promise<Secrets> {
  const file = secretsFile(folder);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined) return parseSecrets(file, text);
  const made = await makeSecrets("embedded");
  await writeFile(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

/** New secrets; `workerId` names the credential that all workers of this installation share. */
export async function makeSecrets(workerId: string): Promise<Secrets> {
  return {
    databasePassword: randomText(),
    brokerPassword: randomText(),
    s3AccessKeyId: `SX${randomBytes(9).toString("hex").toUpperCase()}`,
    s3SecretAccessKey: randomText(),
    signingKeys: { keys: [await makeSigningKey()] },
    worker: { id: workerId, secret: randomText() },
  };
}

/** Reads the secrets of a data folder that has been started before; undefined where there are none. */
export async function readSecrets(folder: string): Promise<Secrets | undefined> {
  const file = secretsFile(folder);
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseSecrets(file, text);
}

/** Checks a key set given by configuration; throws an Error that says what it must be. */
export function parseSigningKeys(text: string): SigningKeys {
  try {
    return privateKeySet.parse(JSON.parse(text));
  } catch {
    throw new Error(
      "STORAGEX_SIGNING_KEYS is not a private JWK set: it needs " +
        '{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"…","x":"…","y":"…","d":"…"}]}',
    );
  }
}

/** What a reader of tokens may know: the same keys without `d`. */
export function publicKeysOf(keys: SigningKeys): string {
  return JSON.stringify({ keys: keys.keys.map(({ d: _d, ...rest }) => ({ ...rest, use: "sig" })) });
}

/** How the edge API knows a worker: its id and the SHA-256 of its secret. */
export function credentialDigest({ id, secret }: Secrets["worker"]): string {
  return `${id}:${createHash("sha256").update(secret).digest("hex")}`;
}

function secretsFile(folder: string): string {
  return join(folder, "secrets.json");
}

function parseSecrets(file: string, text: string): Secrets {
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} is damaged: put back a copy, or start with an empty STORAGEX_DATA`);
  }
}

/** Hexadecimal only: it is safe in URLs and in configuration files of any kind. */
function randomText(): string {
  return randomBytes(24).toString("hex");
}

async function makeSigningKey(): Promise<z.infer<typeof privateKey>> {
  const { privateKey: key } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(key);
  return privateKey.parse({ ...jwk, alg: "ES256", kid: await calculateJwkThumbprint(jwk) });
}
