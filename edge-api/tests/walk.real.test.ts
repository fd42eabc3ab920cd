/** One video from ticket to playback, with a worker that makes objects without FFmpeg. */
import { playablePlaybackSchema } from "@storagex/contract/playback";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bridge, startBridge } from "./bridge.ts";
import { eventually } from "./eventually.ts";
import { type Edge, startEdge } from "./harness.ts";
import { newPerson } from "./person.ts";
import { makeWorker, planOf } from "./worker.ts";

let edge: Edge;
let bridge: Bridge;
beforeAll(async () => {
  bridge = await startBridge();
  edge = await startEdge({ BRIDGE_URL: bridge.url });
  bridge.trust(edge.signingKeys);
}, 90_000);
afterAll(async () => {
  await edge?.stop();
  await bridge?.stop();
});

test("ticket → parts → complete → hand-over → plan, sound, chunks, finish → playback", async () => {
  const ann = await newPerson(edge.url);
  const worker = makeWorker(edge.url);
  const plan = planOf(3);
  const id = await ann.uploaded(1000);
  expect((await ann.video(id)).status).toBe("queued");
  const done = new Set<string>();
  await eventually(async () => {
    for (const message of bridge.messages) {
      if (message.videoId !== id || done.has(message.taskId)) continue;
      expect(await worker.work(message.taskId, plan)).toBe("done");
      done.add(message.taskId);
    }
    expect((await ann.video(id)).status).toBe("completed");
  }, 20_000);
  const video = await ann.video(id);
  expect(video).toMatchObject({
    progress: 1,
    playable: true,
    duration: 12,
    width: 1280,
    height: 720,
    error: null,
  });
  expect(video.renditions).toEqual([
    { name: "720p", width: 1280, height: 720, codec: "h264", size: 6300, bitrate: 4200 },
    { name: "360p", width: 640, height: 360, codec: "h264", size: 6300, bitrate: 4200 },
  ]);
  expect(done.size).toBe(1 + 1 + 3 + 1);

  const playback = playablePlaybackSchema.parse(
    await (await ann.call("GET", `/v1/videos/${id}/playback`)).json(),
  );
  expect(playback.state).toBe("complete");
  const master = await fetch(playback.hls);
  expect(master.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
  expect(await master.text()).toContain("RESOLUTION=1280x720");
  const list = await (await fetch(new URL("720p.m3u8", playback.hls))).text();
  expect(list).toContain("#EXT-X-ENDLIST");
  const segment = list.split("\n").find((line) => line.startsWith("http"));
  const bytes = await fetch(segment ?? "", { headers: { range: "bytes=100-1099" } });
  expect(bytes.status).toBe(206);
  for (const url of [playback.mp4, playback.poster, playback.storyboard])
    expect((await fetch(url ?? "")).status).toBe(200);
  const { rows } = await edge.sql.query(
    "SELECT used_bytes, reserved_bytes, open_tickets FROM users WHERE id = $1",
    [ann.user.id],
  );
  // Source, two renditions and sound of three objects each, MP4, poster, sheet.
  expect(rows[0]).toEqual({
    used_bytes: String(1000 + 9 * 2100 + 5000 + 50 + 60),
    reserved_bytes: "0",
    open_tickets: 0,
  });
});
