/** Grants of playback tokens: cached while valid, and effective within five seconds when they end. */
import { playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { writeToken } from "../src/playback/access.ts";
import { PASSWORD } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { locked } from "./support/locked.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

/** Milliseconds within which the end of a grant must take effect. */
const FELT_MS = 5_000;

type Caller = { call(method: string, path: string): Promise<Response> };

async function lists({ call }: Caller, id: string) {
  const { hls, storyboard } = playablePlaybackSchema.parse(
    await (await call("GET", `/v1/videos/${id}/playback`)).json(),
  );
  return { master: hls, media: new URL("720p.m3u8", hls).href, storyboard: storyboard ?? "" };
}

const status = async (url: string) => (await fetch(url)).status;

/** An administrator with their own API calls. */
async function newAdmin() {
  const admin = await edge.person();
  await edge.sql.query("UPDATE users SET role = 'admin' WHERE id = $1", [admin.user.id]);
  return admin;
}

/** Expects every playlist of the video to be refused in time, after each was served right before. */
async function expectRefused(urls: readonly string[], end: () => Promise<unknown>): Promise<void> {
  for (const url of urls) expect(await status(url)).toBe(200);
  await end();
  await eventually(async () => {
    for (const url of urls) expect(await status(url)).toBe(403);
  }, FELT_MS);
}

test("while it stands no list of a completed video costs a statement", async () => {
  const id = await edge.completed(ann);
  const { master, media } = await lists(ann, id);
  const read = async () => [await (await fetch(master)).text(), await (await fetch(media)).text()].join();
  await eventually(async () => {
    const first = await read();
    const keptAt = Date.now();
    await using videos = await locked(edge.sql, "videos");
    await using objects = await locked(edge.sql, "media_objects");
    if (Date.now() - keptAt > 1_500)
      throw new Error("the machine was too slow: it may be asked again by now");
    const again = await Promise.all(Array.from({ length: 20 }, read));
    expect(new Set(again)).toEqual(new Set([first]));
    await videos.waiting(0, "pending_tasks AS pending");
    await objects.waiting(0);
  });
});

test("object URLs are the same for every grant, so that caches hit", async () => {
  const id = await edge.completed(ann);
  const admin = await newAdmin();
  await eventually(async () => {
    const [own, others] = [await lists(ann, id), await lists(admin, id)];
    expect(own.media).not.toBe(others.media);
    const [mine, theirs] = await Promise.all([fetch(own.media), fetch(others.media)]);
    expect(theirs.headers.get("etag")).toBe(mine.headers.get("etag"));
    expect(await theirs.text()).toBe(await mine.text());
  });
});

test("a deleted video's lists end, an administrator's too", async () => {
  const id = await edge.completed(ann);
  const admin = await newAdmin();
  const urls = [...Object.values(await lists(ann, id)), ...Object.values(await lists(admin, id))];
  await expectRefused(urls, () => ann.call("DELETE", `/v1/videos/${id}`));
});

test("a deleted account's lists end, also before its videos are taken", async () => {
  const id = await edge.completed(ann);
  await expectRefused(Object.values(await lists(ann, id)), () =>
    edge.sql.query("UPDATE users SET deleted_at = now() WHERE id = $1", [ann.user.id]),
  );
});

test("the lists of an administrator who is none any more end; the owner's go on", async () => {
  const id = await edge.completed(ann);
  const admin = await newAdmin();
  const own = await lists(ann, id);
  await expectRefused(Object.values(await lists(admin, id)), () =>
    edge.sql.query("UPDATE users SET role = 'user' WHERE id = $1", [admin.user.id]),
  );
  for (const url of Object.values(own)) expect(await status(url)).toBe(200);
});

test("a token of the release before goes on until the video or its owner's account ends", async () => {
  const ben = await edge.registered();
  const id = await edge.completed(ben);
  const issued = Math.floor(Date.now() / 1000) - 60;
  const token = await writeToken(readConfig(edge.bindings), {
    videoId: id,
    generation: 1,
    issued,
    expires: issued + 3_600,
    grant: { kind: "unnamed" },
  });
  const urls = ["master.m3u8", "720p.m3u8", "storyboard.vtt"].map(
    (name) => `${edge.url}/play/${token}/${name}`,
  );
  await expectRefused(urls, async () => {
    const answer = await ben.call("POST", "/v1/me/delete", { password: PASSWORD });
    expect(answer.status).toBe(204);
  });
});
