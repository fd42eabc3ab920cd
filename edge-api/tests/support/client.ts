/** An API client for the tests, without a browser: sends JSON, keeps the refresh cookie, reads problems. */
import { type Session, sessionSchema } from "@storagex/contract/accounts/account";
import { problemSchema } from "@storagex/contract/problem";

export const PASSWORD = "correct horse battery";
let count = 0;
/** An email address that no other test uses. */
export const newEmail = (): string => `user${process.pid}.${++count}@example.test`;

/** Waits if needed: attempts are counted per quarter of an hour, and a test must stay within one. */
export async function earlyInWindow(): Promise<void> {
  const left = 900_000 - (Date.now() % 900_000);
  if (left < 60_000) await new Promise((resolve) => setTimeout(resolve, left + 500));
}

/** POSTs JSON (or `body` unchanged if it is text). */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** The refresh token that a response sets. */
export function refreshTokenOf(answer: Response): string {
  const [cookie] = answer.headers.getSetCookie();
  const value = /^(?:__Host-)?storagex_refresh=([^;]*)/.exec(cookie ?? "")?.[1];
  if (value === undefined) throw new Error(`no refresh cookie in ${cookie}`);
  return value;
}

/** Registers a new account and returns what a client then has. */
export async function register(
  url: string,
  account: { email?: string; password?: string; name?: string } = {},
): Promise<Session & { refreshToken: string; email: string }> {
  const email = account.email ?? newEmail();
  const answer = await post(`${url}/v1/auth/register`, { password: PASSWORD, ...account, email });
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${await answer.text()}`);
  return { ...sessionSchema.parse(await answer.json()), refreshToken: refreshTokenOf(answer), email };
}

/** POSTs the refresh cookie to `/v1/auth/refresh` (or another path under `/v1/auth`). */
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

/** The code and status of a problem response; throws if it is none. */
export async function problemOf(
  answer: Response,
): Promise<{ status: number; code: string; errors: string[] }> {
  const { status, code, errors = [] } = problemSchema.parse(await answer.json());
  if (answer.headers.get("content-type") !== "application/problem+json" || status !== answer.status)
    throw new Error("it is not a problem answer");
  return { status, code, errors: errors.map(({ path }) => path) };
}
