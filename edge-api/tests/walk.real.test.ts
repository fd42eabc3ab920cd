/** A video's whole path on both runtimes, same bundle: pages, live stream, a video without FFmpeg. */
import { playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bridge, startBridge } from "./support/bridge.ts";
import { PASSWORD, post } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import { listen } from "./support/live-stream.ts";
import { newPerson } from "./support/person.ts";
import { miniflare, plainWorkerd } from "./support/runtimes.ts";
import { makeWorker, planOf } from "./support/worker.ts";

describe.each([
  ["plain workerd", plainWorkerd],
  ["Miniflare with wrangler.toml", miniflare],
])("%s", (_, runtime) => {
  let edge: Edge;
  let bridge: Bridge;
  beforeAll(async () => {
    bridge = await startBridge();
    edge = await startEdge({ BRIDGE_URL: bridge.url }, runtime);
    bridge.trust(edge.signingKeys);
  });
  afterAll(async () => {
    await edge?.stop();
    await bridge?.stop();
  });

  test("every part is there, and the dashboard's page comes with its files", async () => {
    expect((await fetch(`${edge.url}/readyz`)).status).toBe(200);
    const page = await fetch(`${edge.url}/login`);
    expect(page.headers.get("content-security-policy")).toContain("'nonce-");
    const files = [...(await page.text()).matchAll(/(?:src|href)="(\/_build\/[^"]+\.(js|css))"/g)];
    expect(new Set(files.map(([, , kind]) => kind))).toEqual(new Set(["js", "css"]));
    for (const [, path, kind] of files) {
      const file = await fetch(`${edge.url}${path}`);
      expect(file.status, path).toBe(200);
      expect(file.headers.get("content-type"), path).toContain(kind === "js" ? "javascript" : "css");
      expect(file.headers.get("cache-control"), path).toContain("immutable");
      expect((await file.text()).length, path).toBeGreaterThan(0);
    }
  });

  test("sign-in → ticket → parts → complete → hand-over → plan, sound, chunks, finish → playback", async () => {
    const ann = await newPerson(edge.url);
    const { email } = ann.user;
    expect((await post(`${edge.url}/v1/auth/login`, { email, password: PASSWORD })).status).toBe(200);
    const stream = await listen(edge.url, ann.accessToken);
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
    });
    await expect
      .poll(() => stream.events().some(({ data }) => data.id === id && data.status === "completed"))
      .toBe(true);
    await stream.close();
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
      { name: "720p", width: 1280, height: 720, codec: "h264", size: 6300, bitrate: 4200, copied: false },
      { name: "360p", width: 640, height: 360, codec: "h264", size: 6300, bitrate: 4200, copied: false },
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
    for (const url of [playback.mp4, playback.download, playback.poster, playback.storyboard])
      expect((await fetch(url ?? "")).status).toBe(200);
    const { rows } = await edge.sql.query(
      "SELECT used_bytes, reserved_bytes, open_tickets FROM users WHERE id = $1",
      [ann.user.id],
    );
    // Source, two renditions and audio of three objects each, MP4, poster, sheet.
    expect(rows[0]).toEqual({
      used_bytes: String(1000 + 9 * 2100 + 5000 + 50 + 60),
      reserved_bytes: "0",
      open_tickets: 0,
    });
  });
});
