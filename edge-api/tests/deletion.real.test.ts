/** Deleted accounts: by their owner or an admin, with everything they own, and never the last admin. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { adminUserPageSchema } from "@storagex/contract/accounts/account";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PASSWORD, post, problemOf, refresh, refreshTokenOf, register } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { operatorOf } from "./support/operator-s3.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased } from "./support/worker.ts";

let edge: Pipeline;
let root: Person;
/** A deleted account whose request ended before its videos were deleted. */
let cutOff: { userId: string; videoId: string };
beforeAll(async () => {
  edge = await startPipeline();
  root = await edge.registered();
  await promote(root);
  const half = await edge.registered();
  cutOff = { userId: half.user.id, videoId: await half.uploaded() };
  await edge.sql.query("UPDATE users SET deleted_at = now() WHERE id = $1", [half.user.id]);
});
afterAll(() => edge?.stop());

const promote = ({ user }: Person) =>
  edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [user.id]);
const deleteMe = (person: Person, password = PASSWORD) => person.call("POST", "/v1/me/delete", { password });
const login = ({ user: { email } }: Person) =>
  post(`${edge.url}/v1/auth/login`, { email, password: PASSWORD });

/** Keys of a user in the object store. */
async function keysOf({ user }: Person): Promise<string[]> {
  const { Contents = [] } = await operatorOf(edge.s3).send(
    new ListObjectsV2Command({ Bucket: edge.s3.bucket }),
  );
  return Contents.flatMap(({ Key = "" }) => (Key.includes(user.id) ? [Key] : []));
}

test("one's own takes the password, and all that was theirs goes with it", async () => {
  const ann = await edge.registered();
  const { email } = ann.user;
  const ready = await edge.completed(ann);
  const running = await edge.planned(ann);
  const { id: task } = await edge.task(running, "encode");
  const lease = leased(await edge.worker.claim(task));
  await ann.ticket(10);
  const refreshToken = refreshTokenOf(await login(ann));
  expect((await keysOf(ann)).length).toBeGreaterThan(5);

  expect((await problemOf(await deleteMe(ann, "not this one"))).code).toBe("account.wrong_password");
  expect((await ann.video(ready)).status).toBe("completed");

  const answer = await deleteMe(ann);
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie()[0]).toMatch(/^storagex_refresh=; Max-Age=0; Path=\/v1\/auth/);
  expect((await refresh(edge.url, refreshToken)).status).toBe(401);
  expect((await problemOf(await login(ann))).code).toBe("auth.wrong_credentials");
  // The access token stays valid for minutes, but grants nothing.
  expect((await ann.call("GET", "/v1/me")).status).toBe(401);
  const ticket = { filename: "a.mp4", size: 10, contentType: "video/mp4" };
  expect((await problemOf(await ann.call("POST", "/v1/videos", ticket))).code).toBe("auth.token_invalid");
  expect((await deleteMe(ann)).status).toBe(401);
  for (const id of [ready, running]) {
    expect((await ann.call("GET", `/v1/videos/${id}`)).status).toBe(401);
    expect((await root.call("GET", `/v1/videos/${id}`)).status).toBe(404);
  }
  expect((await edge.worker.progress(task, lease)).outcome).toBe("gone");
  await eventually(async () => expect(await keysOf(ann)).toEqual([]));

  const again = await register(edge.url, { email });
  expect(again.user.id).not.toBe(ann.user.id);
  const { rows } = await edge.sql.query("SELECT email, name, password_hash FROM users WHERE id = $1", [
    ann.user.id,
  ]);
  expect(rows).toEqual([{ email: `deleted:${ann.user.id}`, name: null, password_hash: "" }]);
});

test("somebody else's takes an admin", async () => {
  const [ann, ben] = [await edge.registered(), await edge.registered()];
  const video = await ben.uploaded();
  const remove = (who: Person, id: string) => who.call("DELETE", `/v1/admin/users/${id}`);
  expect((await problemOf(await remove(ann, ben.user.id))).code).toBe("auth.forbidden");
  expect((await ben.video(video)).status).toBe("queued");
  expect((await problemOf(await remove(root, root.user.id))).code).toBe("account.own");
  expect((await remove(root, ben.user.id)).status).toBe(204);
  expect((await ben.call("GET", `/v1/videos/${video}`)).status).toBe(401);
  expect((await problemOf(await remove(root, ben.user.id))).code).toBe("account.not_found");
  expect((await problemOf(await remove(root, "nobody"))).code).toBe("account.not_found");
  const { items } = adminUserPageSchema.parse(
    await (await root.call("GET", "/v1/admin/users?limit=100")).json(),
  );
  const shown = items.map(({ id }) => id);
  expect(shown).toContain(ann.user.id);
  expect(shown).not.toContain(ben.user.id);
  await eventually(async () => expect(await keysOf(ben)).toEqual([]));
});

test("the last admin stays, also where admins delete each other at once", async () => {
  expect((await problemOf(await deleteMe(root))).code).toBe("account.last_admin");
  for (let round = 0; round < 5; round += 1) {
    const two = [await edge.registered(), await edge.registered()];
    for (const person of two) await promote(person);
    const three = [root, ...two];
    await Promise.all(
      three.map((person, at) => person.call("DELETE", `/v1/admin/users/${three[(at + 1) % 3]?.user.id}`)),
    );
    const { rows } = await edge.sql.query("SELECT id FROM users WHERE role = 'admin'");
    expect(rows.length).toBeGreaterThan(0);
    root = three.find(({ user }) => user.id === rows[0].id) ?? root;
    for (const { id } of rows.slice(1)) await root.call("DELETE", `/v1/admin/users/${id}`);
    expect((await root.call("GET", "/v1/admin/users")).status).toBe(200);
  }
});

test("the sweep ends what was cut off, and the row goes when nothing points to it", async () => {
  const ann = await edge.registered();
  expect((await deleteMe(ann)).status).toBe(204);
  await eventually(async () => {
    await sweepNow(edge);
    const { rows } = await edge.sql.query("SELECT status FROM videos WHERE id = $1", [cutOff.videoId]);
    expect(rows).toEqual([{ status: "deleting" }]);
    const users = await edge.sql.query("SELECT id FROM users WHERE id = ANY($1)", [
      [ann.user.id, cutOff.userId],
    ]);
    expect(users.rows).toEqual([{ id: cutOff.userId }]);
  });
});
