/** A browser-less client for the tests: sends JSON, keeps the refresh cookie, reads problems. */
import { type Session, sessionSchema } from "@storagex/contract/account";
import { problemSchema } from "@storagex/contract/problem";

export const PASSWORD = "correct horse battery";
let count = 0;
/** An address that no other test uses. */
export const newEmail = (): string => `user${process.pid}.${++count}@example.test`;

/** Counts of attempts start anew every quarter of an hour: a test that counts must not run across it. */
export async function earlyInWindow(): Promise<void> {
  const left = 900_000 - (Date.now() % 900_000);
  if (left < 25_000) await new Promise((resolve) => setTimeout(resolve, left + 500));
}

/** POSTs JSON (or `body` as it is when it is text). */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** The refresh token that an answer sets. */
export function refreshTokenOf(answer: Response): string {
  const [cookie] = answer.headers.getSetCookie();
  const value = /^(?:__Host-)?storagex_refresh=([^;]*)/.exec(cookie ?? "")?.[1];
  if (value === undefined) throw new Error(`no refresh cookie in ${cookie}`);
  return value;
}

/** Registers a new account and answers what a client holds then. */
export async function register(
  url: string,
  account: { email?: string; password?: string; name?: string } = {},
): Promise<Session & { refreshToken: string; email: string }> {
  const email = account.email ?? newEmail();
  const answer = await post(`${url}/v1/auth/register`, { password: PASSWORD, ...account, email });
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${await answer.text()}`);
  return { ...sessionSchema.parse(await answer.json()), refreshToken: refreshTokenOf(answer), email };
}

/** POSTs the refresh cookie to `/v1/auth/refresh` (or another address under it). */
export function refresh(
  url: string,
  token: string,
  headers: Record<string, string> = {},
  act = "refresh",
): Promise<Response> {
  return fetch(`${url}/v1/auth/${act}`, {
    method: "POST",
    headers: { cookie: `storagex_refresh=${token}`, ...headers },
  });
}

/** The code of a problem answer, with its status; throws when it is none. */
export async function problemOf(
  answer: Response,
): Promise<{ status: number; code: string; errors: string[] }> {
  const { status, code, errors = [] } = problemSchema.parse(await answer.json());
  if (answer.headers.get("content-type") !== "application/problem+json" || status !== answer.status)
    throw new Error("it is not a problem answer");
  return { status, code, errors: errors.map(({ path }) => path) };
}
