/** Access tokens of a PeerTube: one that was given, or those of a person, renewed when they end. */
import { z } from "zod";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { Fetch } from "./polite-fetch.ts";

export type PeerTubeAccount = {
  url: string;
  token?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
};

const clientSchema = z.object({ client_id: z.string(), client_secret: z.string() });
const tokensSchema = z.object({ access_token: z.string(), refresh_token: z.string().optional() });
type Tokens = z.infer<typeof tokensSchema>;

/** Throws where the account names neither a token nor a person. */
export function peertubeLogin({ url, token, username, password }: PeerTubeAccount, fetch: Fetch) {
  const base = `${url.replace(/\/+$/, "")}/api/v1`;
  if (!token && !(username && password))
    throw new CommandError("give --token, or --username and --password", EXIT.usage);
  let tokens: Tokens | undefined = token ? { access_token: token } : undefined;
  let renewing: Promise<void> | undefined;

  async function ask(grant: Record<string, string>): Promise<Tokens | undefined> {
    const client = clientSchema.safeParse(await bodyOf(new Request(`${base}/oauth-clients/local`)));
    if (client.error) return undefined;
    const body = new URLSearchParams({ ...client.data, ...grant });
    const answer = await bodyOf(new Request(`${base}/users/token`, { method: "POST", body }));
    return tokensSchema.safeParse(answer).data;
  }

  async function bodyOf(request: Request): Promise<unknown> {
    const answer = await fetch(request);
    return answer.json().catch(() => undefined);
  }

  async function signIn(): Promise<void> {
    const refresh_token = tokens?.refresh_token;
    const refreshed = refresh_token && (await ask({ grant_type: "refresh_token", refresh_token }));
    const person = { username: username ?? "", password: password ?? "" };
    const next = refreshed || (await ask({ grant_type: "password", response_type: "code", ...person }));
    if (!next) throw new CommandError("PeerTube does not accept user name and password", EXIT.refused);
    tokens = next;
  }

  return {
    async authorization(): Promise<string> {
      if (!tokens) await once();
      return `Bearer ${tokens?.access_token}`;
    },
    /** After `refused` was not accepted any more. A token that was given cannot be renewed. */
    async renew(refused: string): Promise<boolean> {
      if (!username || !password) return false;
      if (refused === `Bearer ${tokens?.access_token}`) await once();
      return true;
    },
  };

  /** Several calls are refused at the same time: one of them signs in. */
  function once(): Promise<void> {
    renewing ??= signIn().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }
}
