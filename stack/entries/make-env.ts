/** One-shot entry for Compose: prints `.env.example` with every secret filled in, for `.env`. */
import { readFile } from "node:fs/promises";
import { isEntry } from "../is-entry.ts";
import { inClone } from "../paths.ts";
import { credentialDigests, makeSecrets, publicKeysOf } from "../setup/secrets.ts";

/** `example` with fresh secrets for the names that are left empty for them. */
export async function fillIn(example: string): Promise<string> {
  const secrets = await makeSecrets("worker");
  const made: Record<string, string> = {
    POSTGRES_PASSWORD: secrets.databasePassword,
    RABBITMQ_PASSWORD: secrets.brokerPassword,
    S3_ACCESS_KEY_ID: secrets.s3AccessKeyId,
    S3_SECRET_ACCESS_KEY: secrets.s3SecretAccessKey,
    // Quoted: every version of Compose takes text between single quotes literally.
    STORAGEX_SIGNING_KEYS: `'${JSON.stringify(secrets.signingKeys)}'`,
    BRIDGE_VERIFY_KEYS: `'${publicKeysOf(secrets.signingKeys)}'`,
    WORKER_CREDENTIAL: `${secrets.worker.id}.${secrets.worker.secret}`,
    WEBHOOKS_CREDENTIAL: `${secrets.sender.id}.${secrets.sender.secret}`,
    IMPORTS_CREDENTIAL: `${secrets.importer.id}.${secrets.importer.secret}`,
    STORAGEX_WORKER_CREDENTIALS: credentialDigests(secrets),
  };
  return example.replace(/^([A-Z0-9_]+)=$/gm, (line, name: string) => line + (made[name] ?? ""));
}

if (isEntry(import.meta)) process.stdout.write(await fillIn(await readFile(inClone(".env.example"), "utf8")));
