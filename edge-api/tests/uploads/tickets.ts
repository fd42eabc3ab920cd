/** Tickets: what they hold, what they reserve, and which are refused. */
import { meSchema } from "@storagex/contract/accounts/account";
import { beforeAll, describe, expect, test } from "vitest";
import { signersOf } from "../../src/storage/presign.ts";
import { MAX_TICKETS } from "../../src/uploads/limit.ts";
import { earlyInWindow, problemOf } from "../support/client.ts";
import { withoutClock } from "../support/hold-clock.ts";
import { insideEdge } from "../support/in-process.ts";
import type { Pipeline } from "../support/pipeline.ts";
import { quotaOf } from "../support/quota.ts";
import { MIB, type Mode, numbersTo } from "./mode.ts";

/** Declares the cases of tickets; `running` is the pipeline of the file that calls it. */
export function ticketCases(mode: Mode, running: () => Pipeline): void {
  let edge: Pipeline;
  beforeAll(() => {
    edge = running();
  });
  const account = (id: string) => quotaOf(edge, id);

  describe("a ticket", () => {
    test("is for a file of the size that /v1/me allows", async () => {
      const ann = await edge.person();
      const { maxUploadBytes } = meSchema.parse(await (await ann.call("GET", "/v1/me")).json());
      expect(maxUploadBytes).toBe(150 * MIB);
      await ann.ticket(maxUploadBytes);
    });

    test("is one of so many in a quarter of an hour, aborted ones too", async () => {
      await earlyInWindow();
      const ann = await edge.person();
      const { video } = await ann.ticket(10);
      await edge.sql.query("UPDATE attempts SET count = $2 WHERE subject = $1", [
        `tickets:${ann.user.id}`,
        MAX_TICKETS,
      ]);
      expect((await ann.call("DELETE", `/v1/videos/${video.id}/upload`)).status).toBe(204);
      const refused = await ann.call("POST", "/v1/videos", { filename: "a.mp4", size: 10 });
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await problemOf(refused)).toMatchObject({ status: 429, code: "upload.too_often" });
      expect((await (await edge.person()).ticket(10)).upload.partCount).toBe(1);
    });

    test("carries the parts, each bound to its length, and reserves its size", async () => {
      const ann = await edge.person();
      const { video, upload } = await ann.ticket(40 * MIB);
      expect(upload).toMatchObject({ partSize: mode.partSize, partCount: mode.partCount });
      expect(upload.parts.map(({ partNumber }) => partNumber)).toEqual(numbersTo(mode.partCount));
      expect(Date.parse(upload.expiresAt) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
      expect(video).toMatchObject({
        status: "pending_upload",
        title: "holiday",
        size: 40 * MIB,
        playable: false,
      });
      expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 40 * MIB, open: 1 });
      const longer = await fetch(upload.parts.at(-1)?.url ?? "", {
        method: "PUT",
        body: new Uint8Array(8 * MIB + 1),
      });
      expect(longer.status).toBe(403);
    });

    test("has part URLs that open nothing after an hour", async () => {
      const { upload } = await (await edge.person()).ticket(10);
      const url = new URL(upload.parts[0]?.url ?? "");
      expect(url.searchParams.get("X-Amz-Expires")).toBe("3600");
      const [, , ...path] = decodeURIComponent(url.pathname).split("/");
      const key = path.join("/");
      const uploadId = url.searchParams.get("uploadId") ?? "";
      const signer = signersOf(insideEdge(edge).config).browser;
      /** The status of a PUT by the same URL, signed this many seconds ago. */
      const put = async (ago: number): Promise<number> => {
        const life = { at: new Date(Date.now() - ago * 1000), expires: 3600 };
        const same = mode.inObjects
          ? await signer.put(key, life, 10)
          : await signer.part({ key, uploadId, number: 1, length: 10 }, life);
        return (await fetch(same, { method: "PUT", body: new Uint8Array(10) })).status;
      };
      expect(await put(3_601)).toBe(403);
      expect(await put(3_000)).toBe(200);
    });

    test.each([
      [{ size: 0 }, "size"],
      [{ size: 151 * MIB }, "size"],
      [{ size: 1.5 }, "size"],
      [{ contentType: "text/html" }, "contentType"],
      [{ contentType: "application/vnd.apple.mpegurl" }, "contentType"],
      [{ contentType: "image/png" }, "contentType"],
      [{ filename: "" }, "filename"],
      [{ filename: "\0\u202E " }, "filename"],
      [{ filename: "x".repeat(10_001) }, "filename"],
      [{ title: "\u202e\u0000" }, "title"],
      [{ surprise: 1 }, "surprise"],
    ])("with %j is refused by field", async (more, path) => {
      const ann = await edge.person();
      const answer = await ann.call("POST", "/v1/videos", {
        filename: "a.mp4",
        size: 1,
        contentType: "video/mp4",
        ...more,
      });
      expect(answer.status).toBe(422);
      expect((await problemOf(answer)).errors).toContain(path);
      expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
    });

    test.each([
      undefined,
      "",
      "video/webm;codecs=vp8,opus",
      "video/mp4; charset=binary",
      "application/mp4",
      "application/mxf",
      "application/octet-stream",
      "binary/octet-stream",
      "audio/mp4",
    ])("takes the content type %j as a hint", async (contentType) => {
      const ann = await edge.person();
      const body = { filename: "a.mp4", size: 1, ...(contentType === undefined ? {} : { contentType }) };
      expect((await ann.call("POST", "/v1/videos", body)).status).toBe(201);
    });

    test("takes any file name as text", async () => {
      const ann = await edge.person();
      const filename = `../"'\\<b>\u202E🎬${"é".repeat(9_900)}\u0000.mp4`;
      const { video } = await ann.ticket(1, { filename });
      expect(video.filename).toBe(filename.replace("\u0000", ""));
      expect([...video.title].length).toBeLessThanOrEqual(300);
      const { rows } = await edge.sql.query("SELECT id FROM videos WHERE owner_id = $1", [ann.user.id]);
      expect(rows).toEqual([{ id: video.id }]);
    });

    test("twenty at once cannot pass the quota together", async () => {
      const ann = await edge.person();
      const body = { filename: "a.mp4", size: 50 * MIB, contentType: "video/mp4" };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => ann.call("POST", "/v1/videos", body)),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
      const refused = answers.find(({ status }) => status === 409);
      expect(refused && (await problemOf(refused)).code).toBe("upload.quota_exceeded");
      expect(await account(ann.user.id)).toEqual({ used: 0, reserved: 200 * MIB, open: 4 });
    });

    test("is one of a hundred open ones at most, also in a race", async () => {
      const ann = await edge.person();
      await withoutClock(edge, async () => {
        await edge.sql.query("UPDATE users SET open_tickets = 97 WHERE id = $1", [ann.user.id]);
        const body = { filename: "a.mp4", size: 1, contentType: "video/mp4" };
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => ann.call("POST", "/v1/videos", body)),
        );
        expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
        const refused = answers.find(({ status }) => status === 409);
        expect(refused && (await problemOf(refused)).code).toBe("upload.too_many_open");
      });
    });
  });
}
