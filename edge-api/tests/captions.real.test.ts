/** Captions: what is refused, what is stored, what players see, what a retry keeps; and an owner's choices. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { addedCaptionsSchema } from "@storagex/contract/videos/captions";
import { parse, setOptions, types } from "hls-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { choiceTests, playback } from "./captions/choices.ts";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import type { Person } from "./support/person.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { sweepNow } from "./support/sweep-now.ts";
import { leased, planOf } from "./support/worker.ts";

// In strict mode it throws if a playlist violates RFC 8216.
setOptions({ strictMode: true });

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline?.stop());

const SRT =
  "1\n00:00:01,000 --> 00:00:02,500\n<font color=red>Hello</font> <script>x</script>\n\n2\n00:00:03,000 --> 00:00:04,000\nTom & Jerry\n";
const english = { language: "en-us", label: " English ", content: SRT };

async function add(person: Person, id: string, body: unknown = english) {
  const answer = await person.call("POST", `/v1/videos/${id}/captions`, body);
  if (answer.status !== 201) throw new Error(`captions: ${answer.status} ${await answer.text()}`);
  const { mended, ...track } = addedCaptionsSchema.parse(await answer.json());
  return { track, mended };
}
async function rowOf(id: string) {
  const { rows } = await pipeline.sql.query(
    `SELECT stored_bytes::int AS stored, used_bytes::int AS used, captions FROM videos
      JOIN users ON users.id = owner_id WHERE videos.id = $1`,
    [id],
  );
  return z
    .object({
      stored: z.number(),
      used: z.number(),
      captions: z.array(z.object({ id: z.string(), key: z.string(), size: z.number(), etag: z.string() })),
    })
    .parse(rows[0]);
}
const text = async (url: string) => (await fetch(url)).text();

describe("captions", () => {
  test("an SRT file becomes a WebVTT track of the detail, of playback and of the HLS list; deletion takes all back", async () => {
    const ann = await pipeline.person();
    const id = await pipeline.completed(ann);
    const before = await rowOf(id);
    const hls = (await playback(ann, id)).hls;
    expect(await text(hls)).not.toContain("SUBTITLES");

    const { track } = await add(ann, id);
    expect(track).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      language: "en-US",
      label: "English",
    });
    expect((await ann.video(id)).captions).toEqual([track]);
    const { captions } = await playback(ann, id);
    expect(captions).toEqual([{ ...track, url: expect.stringContaining(`/captions/${track.id}.vtt?`) }]);
    const file = await fetch(captions[0]?.url ?? "");
    expect(file.headers.get("content-type")).toBe("text/vtt; charset=utf-8");
    const vtt = await file.text();
    expect(vtt).toBe(
      "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello x\n\n00:00:03.000 --> 00:00:04.000\nTom &amp; Jerry\n",
    );
    const [stored] = (await rowOf(id)).captions;
    expect(stored).toMatchObject({ size: vtt.length, etag: file.headers.get("etag")?.replaceAll('"', "") });
    expect(await rowOf(id)).toMatchObject({
      stored: before.stored + vtt.length,
      used: before.used + vtt.length,
    });

    // The URL is unchanged: the master is read again.
    const master = await text(hls);
    expect(master).toContain(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en-US",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/${track.id}.m3u8"`,
    );
    expect(master.match(/#EXT-X-STREAM-INF:.*SUBTITLES="captions"/g)).toHaveLength(2);
    const parsed = parse(master);
    if (!(parsed instanceof types.MasterPlaylist)) throw new Error("no master");
    for (const variant of parsed.variants)
      expect(variant.subtitles).toMatchObject([
        { language: "en-US", name: "English", uri: `captions/${track.id}.m3u8` },
      ]);
    const list = new URL(`captions/${track.id}.m3u8`, hls).href;
    const [target, segment] =
      /TARGETDURATION:(\d+)[\s\S]+#EXTINF:([\d.]+),/.exec(await text(list))?.slice(1) ?? [];
    expect([Number(target), Number(segment)]).toEqual([8, 8]);
    expect(parse(await text(list))).toMatchObject({ endlist: true, segments: [{ duration: 8 }] });
    const options = ["-v", "error", "-protocol_whitelist", "http,tcp", "-i", list, "-f", "srt", "-"];
    const { stdout } = await promisify(execFile)("ffmpeg", options);
    expect(stdout).toContain("00:00:03,000 --> 00:00:04,000\nTom & Jerry");

    expect((await ann.call("DELETE", `/v1/videos/${id}/captions/${track.id}`)).status).toBe(204);
    expect(await problemOf(await ann.call("DELETE", `/v1/videos/${id}/captions/${track.id}`))).toMatchObject({
      code: "captions.not_found",
    });
    expect(await rowOf(id)).toEqual({ ...before, captions: [] });
    expect((await fetch(list)).status).toBe(404);
    expect(await text(hls)).not.toContain("SUBTITLES");
    await eventually(async () => {
      expect((await fetch(captions[0]?.url ?? "")).status).toBe(404);
    });
  });

  test("what was mended is said; what cannot be mended is left out", async () => {
    const ann = await pipeline.person();
    const id = await pipeline.planned(ann);
    const content = `${SRT}\n3\n0:0:2.5 --> 0:0:2.5\nlate\n\n4\nwhen?\n`;
    const { mended } = await add(ann, id, { ...english, content });
    expect(mended.map(({ code, count, line }) => [code, count, line])).toEqual(
      [
        ["markup", 1, 2],
        ["left_out", 2, 13],
        ["time_form", 1, 10],
        ["order", 1, 10],
        ["no_duration", 1, 10],
      ].sort((a, b) => Number(a[2]) - Number(b[2])),
    );
    for (const { message } of mended) expect(message).toMatch(/^[A-Z].*\.$/);
  });

  test("one account has so many files read, and no more", async () => {
    const ann = await pipeline.person();
    const id = await pipeline.planned(ann);
    await pipeline.sql.query(
      `INSERT INTO attempts (subject, window_start, count)
        SELECT 'captions:' || owner_id, date_bin('15 minutes', now(), 'epoch') + step, 200
        FROM videos, unnest(ARRAY[interval '0', interval '15 minutes']) AS step WHERE id = $1`,
      [id],
    );
    const answer = await ann.call("POST", `/v1/videos/${id}/captions`, english);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problemOf(answer)).toMatchObject({ status: 429, code: "captions.too_often" });
    const bob = await pipeline.person();
    await add(bob, await pipeline.planned(bob));
  });

  test("what holds no cue is a 422 that names the line; nothing is stored", async () => {
    const ann = await pipeline.person();
    const id = await pipeline.planned(ann);
    const before = await rowOf(id);
    const answer = await ann.call("POST", `/v1/videos/${id}/captions`, {
      ...english,
      content: "1\n00:00:72,000 --> 00:00:73,000\na\n",
    });
    const body = await answer.clone().json();
    expect(await problemOf(answer)).toMatchObject({
      status: 422,
      code: "captions.invalid",
      errors: ["content"],
    });
    expect(body).toMatchObject({
      detail: 'Line 2: "00:00:72,000 --> 00:00:73,000" are no times such as 00:00:01.000 --> 00:00:02.000.',
    });
    for (const [field, value] of [
      ["language", "not a tag"],
      ["language", "e"],
      ["label", "   "],
      ["label", "x".repeat(61)],
      ["label", "\u202e\u200f"],
      ["content", ""],
      ["content", "x".repeat(900_001)],
      ["more", 1],
    ]) {
      const wrong = await ann.call("POST", `/v1/videos/${id}/captions`, { ...english, [field ?? ""]: value });
      expect(await problemOf(wrong)).toEqual({ status: 422, code: "request.invalid", errors: [field] });
    }
    expect(await rowOf(id)).toEqual(before);
  });

  test("900,000 letters of three bytes each are taken", async () => {
    const ann = await pipeline.person();
    const id = await pipeline.planned(ann);
    const cue = "1\n00:00:01,000 --> 00:00:02,000\n";
    await add(ann, id, { ...english, content: cue + "字".repeat(900_000 - cue.length) });
    expect((await rowOf(id)).captions[0]?.size).toBeGreaterThan(2_690_000);
  });

  test("at most 20 tracks, whoever races; somebody else's video is not there", async () => {
    const ann = await pipeline.person();
    const bob = await pipeline.person();
    const id = await pipeline.planned(ann);
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => ann.call("POST", `/v1/videos/${id}/captions`, english)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(await problemOf(answer)).toMatchObject({ status: 409, code: "captions.too_many" });
    const { captions, stored, used } = await rowOf(id);
    expect(stored).toBe(1000 + captions.reduce((sum, { size }) => sum + size, 0));
    expect(used).toBe(stored);

    const [track] = captions;
    expect(await problemOf(await bob.call("POST", `/v1/videos/${id}/captions`, "{no json"))).toMatchObject({
      code: "video.not_found",
    });
    expect(await problemOf(await bob.call("DELETE", `/v1/videos/${id}/captions/${track?.id}`))).toMatchObject(
      {
        code: "video.not_found",
      },
    );
    expect(await problemOf(await ann.call("DELETE", `/v1/videos/${id}/captions/%00`))).toMatchObject({
      code: "captions.not_found",
    });
    const removed = await Promise.all(
      [1, 2, 3].map(() => ann.call("DELETE", `/v1/videos/${id}/captions/${track?.id}`)),
    );
    expect(removed.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
    expect((await rowOf(id)).stored).toBe(stored - (track?.size ?? 0));
  });

  test("an unfinished upload takes none; a video keeps its own over a failure, a retry and `finish`", async () => {
    const ann = await pipeline.person();
    const { video } = await ann.ticket(10);
    expect(await problemOf(await ann.call("POST", `/v1/videos/${video.id}/captions`, english))).toMatchObject(
      {
        code: "video.wrong_status",
      },
    );

    const id = await pipeline.planned(ann);
    const { track } = await add(ann, id);
    const { size = 0, key } = (await rowOf(id)).captions[0] ?? {};
    const chunk = await pipeline.task(id, "encode", 0);
    const lease = leased(await pipeline.worker.claim(chunk.id));
    await pipeline.worker.fail(chunk.id, lease, { retryable: false });
    expect((await ann.call("POST", `/v1/videos/${id}/retry`)).status).toBe(202);
    expect(await rowOf(id)).toMatchObject({ stored: 1000 + size, used: 1000 + size });

    await eventually(async () => {
      for (const { id: taskId, state } of await pipeline.tasks(id))
        if (state === "queued") await pipeline.worker.work(taskId, planOf(2));
      expect((await ann.video(id)).status).toBe("completed");
    });
    expect((await ann.video(id)).captions).toEqual([track]);
    const [shown] = (await playback(ann, id)).captions;
    expect(shown?.url).toContain(key);
    expect((await fetch(shown?.url ?? "")).status).toBe(200);

    expect((await ann.call("DELETE", `/v1/videos/${id}`)).status).toBe(204);
    await eventually(async () => {
      expect((await fetch(shown?.url ?? "")).status).toBe(404);
    });
    const { rows } = await pipeline.sql.query("SELECT used_bytes::int AS used FROM users WHERE id = $1", [
      ann.user.id,
    ]);
    // The ticket above only reserves.
    expect(rows).toEqual([{ used: 0 }]);
  });

  test("a row whose object never came is shown to nobody, and swept", async () => {
    const ann = await pipeline.person();
    const id = await pipeline.completed(ann);
    await add(ann, id);
    await pipeline.sql.query(
      `UPDATE videos SET captions = jsonb_set(captions, '{0,etag}', '""') WHERE id = $1`,
      [id],
    );
    expect((await ann.video(id)).captions).toEqual([]);
    const { captions, hls } = await playback(ann, id);
    expect(captions).toEqual([]);
    expect(await text(hls)).not.toContain("SUBTITLES");

    const { stored } = await rowOf(id);
    await pipeline.sql.query(
      `UPDATE videos SET captions = jsonb_set(captions, '{0,begunAt}', to_jsonb(now() - interval '11 minutes'))
        WHERE id = $1`,
      [id],
    );
    await sweepNow(pipeline);
    expect((await rowOf(id)).captions).toEqual([]);
    expect((await rowOf(id)).stored).toBeLessThan(stored);
  });
});

choiceTests(() => pipeline);
