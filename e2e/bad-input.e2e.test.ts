/** Hostile and broken input: each gets a clear response, and no video is lost. */
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sourceAnswerSchema } from "@storagex/contract/videos/playback";
import { beforeAll, describe, expect, test } from "vitest";
import {
  ended,
  expectJson,
  me,
  type Person,
  problemOf,
  putParts,
  read,
  register,
  ticket,
  until,
  upload,
} from "./testing/account.ts";
import { audioOnly, clip, coverArt, hugeFrame, playlist, text, truncated } from "./testing/clips.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

let stack: Stack;
let ann: Person;

beforeAll(async () => {
  stack = await sharedStack();
  ann = await register(() => stack.url);
});

describe("files that are no video end failed, with the reason", () => {
  test.each([
    ["truncated MP4", truncated, "source.truncated"],
    ["text renamed", text, "source.not_video"],
    ["sound only", audioOnly, "source.no_video"],
    ["cover art only", coverArt, "source.no_video"],
    ["16000 × 16000", hugeFrame, "source.too_large_picture"],
  ] as const)("%s", async (_, make, code) => {
    const id = await upload(ann, await make(), "video.mp4");
    const video = await until(ann, id, ended);
    expect(video.status).toBe("failed");
    expect(video.error?.code).toBe(code);
    expect(video.error?.message.length).toBeGreaterThan(20);
    expect(video.error?.message).not.toMatch(/http|X-Amz|\/tmp|ffmpeg/i);
    const refused = await ann.call("GET", `/v1/videos/${id}/playback`);
    expect(refused.status).toBe(409);
    expect((await problemOf(refused)).code).toBe("video.not_playable");
  });

  test("a playlist renamed to .mp4 never reaches the address in it", async () => {
    let hits = 0;
    const inside = createServer((_, answer) => {
      hits += 1;
      answer.end("secret");
    }).listen(0, "127.0.0.1");
    await once(inside, "listening");
    const { port } = inside.address() as AddressInfo;
    const id = await upload(ann, await playlist(`http://127.0.0.1:${port}/secret.ts`), "film.mp4");
    const video = await until(ann, id, (seen) => seen.status === "failed");
    inside.close();
    expect(video.error?.code).toBe("source.not_video");
    expect(hits).toBe(0);
  });

  test("a failed video can be tried again, and fails again with its reason", async () => {
    const id = await upload(ann, await text(), "letter.mp4");
    await until(ann, id, (seen) => seen.status === "failed");
    expect((await ann.call("POST", `/v1/videos/${id}/retry`)).status).toBe(202);
    const again = await until(ann, id, (seen) => seen.status === "failed");
    expect(again.error?.code).toBe("source.not_video");
  });
});

describe("uploads that are not as declared", () => {
  test("zero bytes", async () => {
    const answer = await ann.call("POST", "/v1/videos", {
      filename: "a.mp4",
      size: 0,
      contentType: "video/mp4",
    });
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).code).toBe("request.invalid");
  });

  test("complete without bytes says which parts are missing, and the ticket lives on", async () => {
    const granted = await ticket(ann, "late.mp4", 17 * 1024 * 1024);
    const refused = await ann.call("POST", `/v1/videos/${granted.video.id}/complete`, {});
    expect(refused.status).toBe(409);
    expect(await problemOf(refused)).toMatchObject({ code: "upload.parts_missing", missing: [1, 2, 3] });
    expect((await read(ann, granted.video.id)).status).toBe("pending_upload");
    expect((await ann.call("DELETE", `/v1/videos/${granted.video.id}/upload`)).status).toBe(204);
    expect((await ann.call("GET", `/v1/videos/${granted.video.id}`)).status).toBe(404);
  });

  test("a part longer or shorter than signed is refused by storage", async () => {
    const granted = await ticket(ann, "wrong.mp4", 1000);
    const url = granted.upload.parts[0]?.url ?? "";
    for (const length of [999, 1001]) {
      const put = await fetch(url, { method: "PUT", body: new Uint8Array(length) });
      expect(put.status).toBeGreaterThanOrEqual(400);
    }
    const refused = await ann.call("POST", `/v1/videos/${granted.video.id}/complete`, {});
    expect((await problemOf(refused)).code).toBe("upload.parts_missing");
  });

  test("a part sent twice counts once; two completes at once both answer the queued video", async () => {
    const path = await clip(3, "640x360");
    const granted = await ticket(ann, "twice.mp4", (await stat(path)).size);
    await putParts(ann, granted, path);
    await putParts(ann, granted, path);
    const answers = await Promise.all(
      [1, 2].map(() => ann.call("POST", `/v1/videos/${granted.video.id}/complete`, {})),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    await until(ann, granted.video.id, (seen) => seen.status === "completed");
    const source = () => ann.call("GET", `/v1/videos/${granted.video.id}/source`);
    await expect.poll(async () => (await source()).status).toBe(200);
    // A part's URL works for a while after its upload: nobody replaces the bytes by it.
    const body = new Uint8Array((await stat(path)).size);
    await fetch(granted.upload.parts[0]?.url ?? "", { method: "PUT", body });
    const { url } = sourceAnswerSchema.parse(await expectJson(await source(), 200));
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(bytes.equals(await readFile(path))).toBe(true);
    expect((await read(ann, granted.video.id)).status).toBe("completed");
  });

  test("complete racing delete: one of them wins, and the bytes are accounted for", async () => {
    const before = (await me(ann)).storage;
    const path = await clip(3, "640x360");
    const granted = await ticket(ann, "race.mp4", (await stat(path)).size);
    await putParts(ann, granted, path);
    const [completed, deleted] = await Promise.all([
      ann.call("POST", `/v1/videos/${granted.video.id}/complete`, {}),
      ann.call("DELETE", `/v1/videos/${granted.video.id}`),
    ]);
    expect([200, 404, 409]).toContain(completed.status);
    expect(deleted.status).toBe(204);
    expect((await ann.call("GET", `/v1/videos/${granted.video.id}`)).status).toBe(404);
    await expect.poll(async () => (await me(ann)).storage).toEqual(before);
  });
});

describe("names and bodies", () => {
  test.each([
    ["slashes", "../../etc/passwd.mp4"],
    ["quotes", `a"b'c.mp4`],
    ["right-to-left marks", "holiday\u202Egpm.4pm"],
    ["emoji", "🎬🎉.mp4"],
    ["10,000 characters", `${"x".repeat(9_996)}.mp4`],
  ])("a file name of %s is kept and harms nothing", async (_, filename) => {
    const granted = await ticket(ann, filename, 1000);
    expect(granted.video.filename).toBe(filename);
    expect(granted.video.title.length).toBeLessThanOrEqual(300);
    expect(new URL(granted.upload.parts[0]?.url ?? "").pathname).toMatch(
      /\/raw\/user_[\w-]+\/[\w-]+\/parts\/00001$/,
    );
    await ann.call("DELETE", `/v1/videos/${granted.video.id}/upload`);
  });

  test("a title of script tags comes back as the text it is", async () => {
    const granted = await ticket(ann, "a.mp4", 1000);
    const title = "<script>alert(1)</script>";
    const renamed = await ann.call("PATCH", `/v1/videos/${granted.video.id}`, { title });
    expect(await expectJson(renamed, 200)).toMatchObject({ title });
    const page = await fetch(`${stack.url}/videos/${granted.video.id}`);
    expect(await page.text()).not.toContain(title);
  });

  test("unknown fields are refused by name", async () => {
    const answer = await ann.call("POST", "/v1/videos", {
      filename: "a.mp4",
      size: 1,
      contentType: "video/mp4",
      role: "admin",
    });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(await problemOf(answer))).toContain("role");
  });

  test("a 10 MB body is refused with a clear answer", async () => {
    const answer = await ann.call("POST", "/v1/videos", {
      filename: "x".repeat(10_000_000),
      size: 1,
      contentType: "video/mp4",
    });
    expect(answer.status).toBe(413);
    expect((await problemOf(answer)).code).toBe("request.too_large");
  });

  test("a malformed id answers like somebody else's, before the body is looked at", async () => {
    for (const id of ["nothing", "..%2f..", "%00", "1'--", "x".repeat(300)]) {
      const answer = await ann.call("PATCH", `/v1/videos/${id}`, { nonsense: true });
      expect(answer.status).toBe(404);
      expect((await problemOf(answer)).code).toBe("video.not_found");
    }
  });
});
