/** Which StorageX, and by which key: from the environment, else from what `login` has kept. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError, EXIT } from "./exit-codes.ts";

export type Login = { url: string; apiKey: string };

const { STORAGEX_URL, STORAGEX_API_KEY, XDG_CONFIG_HOME } = process.env;
const FILE = join(XDG_CONFIG_HOME || join(homedir(), ".config"), "storagex", "login.json");

/** Throws where nobody has signed in. */
export async function readLogin(): Promise<Login> {
  const kept = await readKept();
  const url = STORAGEX_URL || kept?.url;
  // A key is never sent to another StorageX than its own.
  const apiKey = STORAGEX_API_KEY || (kept?.url === url ? kept?.apiKey : undefined);
  if (url && apiKey) return { url, apiKey };
  const missing = url ? `no key for ${url}` : "no StorageX is known";
  throw new CommandError(
    `${missing}: run \`storagex login URL\`, or set STORAGEX_URL and STORAGEX_API_KEY`,
    EXIT.refused,
  );
}

/** Keeps the login, readable by this user only. Returns the file. */
export async function keepLogin(login: Login): Promise<string> {
  await mkdir(dirname(FILE), { recursive: true, mode: 0o700 });
  await writeFile(FILE, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  return FILE;
}

async function readKept(): Promise<Login | undefined> {
  const text = await readFile(FILE, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const kept: unknown = JSON.parse(text);
    if (isLogin(kept)) return kept;
  } catch {
    // As below.
  }
  throw new CommandError(`${FILE} cannot be read: delete it and run \`storagex login\` again`);
}

const isLogin = (value: unknown): value is Login =>
  typeof value === "object" &&
  value !== null &&
  "url" in value &&
  typeof value.url === "string" &&
  "apiKey" in value &&
  typeof value.apiKey === "string";
