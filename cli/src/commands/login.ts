/** `storagex login`: makes a key for this machine, or keeps one that was made. */
import { hostname } from "node:os";
import { createClient, expectData, type Schemas } from "@storagex/client";
import { Command } from "commander";
import { ask } from "../ask.ts";
import { keepLogin } from "../config.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import { printJson, printLine } from "../print.ts";

type Scope = Schemas["ApiKeyRequest"]["scopes"][number];
type Options = { key?: string; email?: string; admin?: true; json?: true };

const SCOPES: Scope[] = ["videos:read", "videos:write", "playback:read", "shares:write", "webhooks:write"];

export const loginCommand = (): Command =>
  new Command("login")
    .description(
      "sign in to a StorageX server: by e-mail and password, which makes a key for this machine, or by a key",
    )
    .argument("<url>", "its URL, e.g. https://videos.example.org")
    .option("--email <address>", "instead of being asked; the password is asked for, or a line of the input")
    .option("--key <key>", "an API key instead of a password; `-` reads a line of the input")
    .option("--admin", "the new key may administer, too (queue, workers)")
    .option("--json", "print JSON")
    .action(login);

async function login(address: string, options: Options): Promise<void> {
  const url = originOf(address);
  const apiKey = options.key === undefined ? await newKey(url, options) : await givenKey(options.key);
  const me = expectData(await createClient({ baseUrl: url, apiKey }).GET("/v1/me"));
  const file = await keepLogin({ url, apiKey });
  if (options.json) printJson({ url, email: me.email, file });
  else printLine(`Signed in to ${url} as ${me.email}. The key is kept in ${file}.`);
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CommandError(`not a URL such as https://videos.example.org: ${address}`, EXIT.usage);
  return url.origin;
}

const givenKey = async (key: string): Promise<string> =>
  key === "-" ? (await ask("Key: ", { secret: true })).trim() : key;

/** Signs in as the person, makes the key, and signs out again. */
async function newKey(url: string, { email, admin }: Options): Promise<string> {
  const body = {
    email: email ?? (await ask("E-mail: ")),
    password: await ask("Password: ", { secret: true }),
  };
  const anybody = createClient({ baseUrl: url, apiKey: "" });
  const { accessToken } = expectData(await anybody.POST("/v1/auth/login", { body }));
  const person = createClient({ baseUrl: url, apiKey: accessToken });
  const scopes: Scope[] = admin ? [...SCOPES, "admin"] : SCOPES;
  const name = `storagex on ${hostname()}`.slice(0, 100);
  const { secret } = expectData(await person.POST("/v1/keys", { body: { name, scopes } }));
  const { items } = expectData(await person.GET("/v1/me/sessions"));
  const own = items.find(({ current }) => current);
  if (own) await person.DELETE("/v1/me/sessions/{id}", { params: { path: { id: own.id } } });
  if (!secret) throw new CommandError("the API made a key and did not show it");
  return secret;
}
