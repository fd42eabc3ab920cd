/**
 * The secrets of one stack: created at its first start, kept in its data folder, readable by its owner only.
 */
import { createHash, randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IMPORTER_ID, SENDER_ID } from "@storagex/contract/routes/internal";
import { type SigningKeys, signingKeysSchema } from "@storagex/contract/settings/settings";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";

const stored = z.object({
  databasePassword: z.string().min(16),
  brokerPassword: z.string().min(16),
  s3AccessKeyId: z.string().min(8),
  s3SecretAccessKey: z.string().min(16),
  signingKeys: signingKeysSchema,
  worker: z.object({ id: z.string().min(1), secret: z.string().min(16) }),
  /** Of the service that sends webhooks; absent in what an earlier release wrote. */
  sender: z.object({ id: z.string().min(1), secret: z.string().min(16) }).optional(),
  /** Of the service that fetches imports; the same. */
  importer: z.object({ id: z.string().min(1), secret: z.string().min(16) }).optional(),
});

type Stored = z.infer<typeof stored>;
export type Secrets = Stored & {
  sender: NonNullable<Stored["sender"]>;
  importer: NonNullable<Stored["importer"]>;
};

/**
 * Reads the secrets of a data folder, or creates them. A damaged file is an error: new secrets would lose the
 * data.
 */
export async function openSecrets(folder: string): Promise<Secrets> {
  const known = await readSecrets(folder);
  if (known?.sender && known.importer) return { ...known, sender: known.sender, importer: known.importer };
  const file = secretsFile(folder);
  const made = known
    ? {
        ...known,
        sender: known.sender ?? makeCredential(SENDER_ID),
        importer: known.importer ?? makeCredential(IMPORTER_ID),
      }
    : await makeSecrets("embedded");
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
    signingKeys: await makeSigningKeys(),
    worker: { id: workerId, secret: randomText() },
    sender: makeCredential(SENDER_ID),
    importer: makeCredential(IMPORTER_ID),
  };
}

const makeCredential = (id: string): Secrets["sender"] => ({ id, secret: randomText() });

/**
 * The secrets of a data folder that was started before; undefined where there are none. Throws any other read
 * error.
 */
export async function readSecrets(folder: string): Promise<Stored | undefined> {
  const file = secretsFile(folder);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseSecrets(file, text);
}

/** The public keys for whoever verifies tokens: the same keys without `d`. */
export function publicKeysOf(keys: SigningKeys): string {
  return JSON.stringify({ keys: keys.keys.map(({ d: _d, ...rest }) => ({ ...rest, use: "sig" })) });
}

/** What the edge API knows of workers, sender and importer: of each its id and the SHA-256 of its secret. */
export function credentialDigests({
  worker,
  sender,
  importer,
}: Pick<Secrets, "worker" | "sender" | "importer">): string {
  return [worker, sender, importer]
    .map(({ id, secret }) => `${id}:${createHash("sha256").update(secret).digest("hex")}`)
    .join(",");
}

function secretsFile(folder: string): string {
  return join(folder, "secrets.json");
}

function parseSecrets(file: string, text: string): Stored {
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} is damaged: restore a copy, or start with an empty STORAGEX_DATA`);
  }
}

/** Hexadecimal only, so it is safe in URLs and in configuration files of any kind. */
function randomText(): string {
  return randomBytes(24).toString("hex");
}

async function makeSigningKeys(): Promise<SigningKeys> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return signingKeysSchema.parse({ keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk) }] });
}
