/** Changing one's own password: what it requires, what it ends, and sign-ins that race with it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ofAccount, ofOwnPassword } from "../src/identity/attempts/attempt-limits.ts";
import { attemptsOf, setAttempts } from "./support/attempts.ts";
import {
  earlyInWindow,
  PASSWORD,
  post,
  problemOf,
  refresh,
  refreshTokenOf,
  register,
} from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";

const NEW = "another horse battery";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge?.stop());

type Signed = Awaited<ReturnType<typeof register>>;

const change = (who: Signed, currentPassword = PASSWORD, newPassword = NEW): Promise<Response> =>
  post(
    `${edge.url}/v1/me/password`,
    { currentPassword, newPassword },
    { authorization: `Bearer ${who.accessToken}` },
  );
const login = (email: string, password: string): Promise<Response> =>
  post(`${edge.url}/v1/auth/login`, { email, password });

test("takes the current one; other sessions end, the asking one goes on", async () => {
  const ann = await register(edge.url);
  const ben = await register(edge.url);
  const elsewhere = refreshTokenOf(await login(ann.email, PASSWORD));

  expect(await problemOf(await change(ann, "not this one"))).toMatchObject({
    status: 403,
    code: "account.wrong_password",
  });
  expect(await problemOf(await change(ann, PASSWORD, "short"))).toEqual({
    status: 422,
    code: "request.invalid",
    errors: ["newPassword"],
  });
  const still = await refresh(edge.url, elsewhere);
  expect(still.status).toBe(200);

  expect((await change(ann)).status).toBe(204);
  expect(await problemOf(await refresh(edge.url, refreshTokenOf(still)))).toMatchObject({
    status: 401,
    code: "auth.refresh_invalid",
  });
  expect((await refresh(edge.url, ann.refreshToken)).status).toBe(200);
  expect((await refresh(edge.url, ben.refreshToken)).status).toBe(200);
  expect((await login(ann.email, PASSWORD)).status).toBe(401);
  expect((await login(ann.email, NEW)).status).toBe(200);
  expect((await login(ben.email, PASSWORD)).status).toBe(200);
});

test("wrong ones are counted, a right one clears the count", async () => {
  await earlyInWindow();
  const ann = await register(edge.url);
  const own = ofOwnPassword(ann.user.id);
  expect((await change(ann, "wrong")).status).toBe(403);
  await setAttempts(edge, own, 9);
  expect((await change(ann)).status).toBe(204);
  expect(await attemptsOf(edge, own)).toBe(0);
  expect((await change(ann, "wrong", "never used here")).status).toBe(403);
  await setAttempts(edge, own, 9);
  expect((await change(ann, "wrong", "never used here")).status).toBe(403);
  const refused = await change(ann, NEW, PASSWORD);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: "auth.too_many_attempts" });
});

test("whoever tries to sign in as somebody does not keep them from changing their own password", async () => {
  await earlyInWindow();
  const ann = await register(edge.url);
  expect((await login(ann.email, "wrong")).status).toBe(401);
  await setAttempts(edge, await ofAccount(ann.email), 10);
  expect((await login(ann.email, PASSWORD)).status).toBe(429);
  expect((await change(ann)).status).toBe(204);
  const bearer = { authorization: `Bearer ${ann.accessToken}` };
  expect((await post(`${edge.url}/v1/me/delete`, { password: NEW }, bearer)).status).toBe(204);
});

test("an operator's new password opens the account at once, however often others tried", async () => {
  await earlyInWindow();
  const ann = await register(edge.url);
  expect((await login(ann.email, "wrong")).status).toBe(401);
  await setAttempts(edge, await ofAccount(ann.email), 11);
  expect((await login(ann.email, PASSWORD)).status).toBe(429);
  const said = await edge.ops("admin", ["reset-password", ann.email]);
  const password = /: (\w{20})$/m.exec(said)?.[1] ?? "";
  expect((await login(ann.email, password)).status).toBe(200);
});

test("of two changes at once one is made", async () => {
  const ann = await register(edge.url);
  const passwords = ["the first of two", "the second of two"];
  const answers = await Promise.all(passwords.map((password) => change(ann, PASSWORD, password)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
  const made = passwords[answers.findIndex(({ status }) => status === 204)] ?? "";
  expect((await login(ann.email, made)).status).toBe(200);
});

/** Runs `act` while another transaction holds the lock of `held`; commits when `act` waits for it. */
async function whileHeld<T>(held: string, id: string, act: () => Promise<T>): Promise<T> {
  const client = await edge.sql.connect();
  try {
    await client.query("BEGIN");
    await client.query(held, [id]);
    const acting = act();
    await eventually(async () => {
      const { rows } = await edge.sql.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      expect(rows).not.toEqual([]);
    });
    await client.query("COMMIT");
    return await acting;
  } finally {
    client.release(true);
  }
}

test("a sign-in that has proven the old one is seen by the change, and ended", async () => {
  const ann = await register(edge.url);
  const signIn = `WITH account AS (SELECT id FROM users WHERE id = $1 FOR SHARE)
    INSERT INTO sessions (id, user_id, expires_at) SELECT 'late', id, now() + interval '1 day' FROM account`;
  expect((await whileHeld(signIn, ann.user.id, () => change(ann))).status).toBe(204);
  const { rows } = await edge.sql.query("SELECT ended_at FROM sessions WHERE id = 'late'");
  expect(rows).toEqual([{ ended_at: expect.any(Date) }]);
});

test("a sign-in by the old one that meets the change opens nothing", async () => {
  const ann = await register(edge.url);
  const changed = "UPDATE users SET password_hash = '' WHERE id = $1";
  const answer = await whileHeld(changed, ann.user.id, () => login(ann.email, PASSWORD));
  expect(await problemOf(answer)).toMatchObject({ status: 401, code: "auth.wrong_credentials" });
});

test("a deletion by the old one that meets the change deletes nothing", async () => {
  const ann = await register(edge.url);
  const changed = "UPDATE users SET password_hash = '' WHERE id = $1";
  const answer = await whileHeld(changed, ann.user.id, () =>
    post(`${edge.url}/v1/me/delete`, { password: PASSWORD }, { authorization: `Bearer ${ann.accessToken}` }),
  );
  expect(await problemOf(answer)).toMatchObject({ status: 403, code: "account.wrong_password" });
  const { rows } = await edge.sql.query("SELECT deleted_at, email FROM users WHERE id = $1", [ann.user.id]);
  expect(rows).toEqual([{ deleted_at: null, email: ann.email }]);
});
