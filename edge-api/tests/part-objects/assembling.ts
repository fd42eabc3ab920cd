/** How part objects become one source at every point at which the work may stop, and that none of them stays or returns. */
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
} from "@aws-sdk/client-s3";
import { partKey, rawPrefix, sourceKey } from "@storagex/contract/keys";
import { partUrlsSchema } from "@storagex/contract/uploads/upload";
import { expect, test } from "vitest";
import { sweepObjects } from "../../src/sweeps/objects.ts";
import { eventually } from "../support/eventually.ts";
import { insideEdge } from "../support/in-process.ts";
import { quotaOf } from "../support/quota.ts";
import { sweepNow } from "../support/sweep-now.ts";
import {
  assembled,
  Bucket,
  complete,
  edge,
  faults,
  hashOf,
  isCopy,
  keysOf,
  MIB,
  newFile,
  put,
  putAll,
  restartWith,
  s3,
  sentInParts,
  slice,
  sourceHash,
  stored,
} from "./setting.ts";

/** The request after which everything stops, and whether the store has performed it. */
const STOPS: [string, (method: string, url: URL) => boolean][] = [
  ["the multipart upload begins", (method, url) => method === "POST" && url.searchParams.has("uploads")],
  ["a part is copied", (method, url) => isCopy(method, url) && url.searchParams.get("partNumber") === "2"],
  ["the upload is completed", (method, url) => method === "POST" && url.searchParams.has("uploadId")],
  ["the object is looked at", (method, url) => method === "HEAD" && url.pathname.endsWith("/source")],
];

export function assemblingTests(): void {
  test.each(STOPS)(
    "it is put together although %s and no answer comes, done or not done",
    async (_, stops) => {
      for (const fault of ["lose", { status: 503, text: "" }] as const) {
        const { ann, file, id } = await sentInParts(2);
        let met = 0;
        // The SDK repeats a request once.
        faults.decide = (method, url) =>
          stops(method, url) && url.pathname.includes(id) && met++ < 2 ? fault : "pass";
        expect((await complete(ann, id)).status).toBe(200);
        await eventually(async () => expect(met).toBeGreaterThan(0));
        await assembled(id, true);
        expect(await sourceHash(ann, id)).toBe(hashOf(file));
        expect(await edge.tasks(id)).toHaveLength(1);
      }
    },
  );

  test("many replicas at once put it together once", async () => {
    const { ann, file, id } = await sentInParts(2);
    await Promise.all(Array.from({ length: 4 }, () => complete(ann, id)));
    await Promise.all(Array.from({ length: 4 }, () => assembled(id, true)));
    expect(await sourceHash(ann, id)).toBe(hashOf(file));
    const { rows } = await edge.sql.query(
      "SELECT count(*)::int AS sent FROM outbox JOIN tasks ON tasks.id = task_id WHERE video_id = $1",
      [id],
    );
    expect(rows).toEqual([{ sent: 1 }]);
  });

  test("deleted while it is put together: nothing of it stays", async () => {
    const { ann, id } = await sentInParts(2);
    let deleted: Promise<Response> | undefined;
    faults.decide = (method, url) => {
      if (isCopy(method, url) && url.pathname.includes(id))
        deleted ??= ann.call("DELETE", `/v1/videos/${id}`);
      return "pass";
    };
    await complete(ann, id);
    await eventually(async () => expect((await deleted)?.status).toBe(204));
    // The time for undoing it is over.
    await edge.sql.query("UPDATE videos SET undo_until = now() WHERE id = $1 AND undo_until IS NOT NULL", [
      id,
    ]);
    await eventually(async () => {
      await edge.sql.query("UPDATE videos SET updated_at = now() - interval '2 hours' WHERE id = $1", [id]);
      await sweepNow(edge);
      await expect.poll(() => keysOf(ann, id)).toEqual([]);
      const Prefix = rawPrefix(ann.user.id, id);
      const { Uploads = [] } = await s3().send(new ListMultipartUploadsCommand({ Bucket: Bucket(), Prefix }));
      expect(Uploads).toEqual([]);
    });
    expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 });
  });

  test("an aborted upload is watched until its last part URL has ended", async () => {
    const ann = await edge.person();
    const ticket = await ann.ticket(10);
    const { id } = ticket.video;
    await ann.putParts(ticket);
    expect((await ann.call("DELETE", `/v1/videos/${id}/upload`)).status).toBe(204);
    await eventually(async () => expect(await keysOf(ann, id)).toEqual([]));
    await ann.putParts(ticket);
    const due = () =>
      edge.sql.query("UPDATE videos SET updated_at = now() - interval '2 hours' WHERE id = $1", [id]);
    for (let round = 0; round < 4; round += 1) {
      await due();
      await sweepNow(edge);
    }
    await expect.poll(() => keysOf(ann, id)).toEqual([]);
    const { rows } = await edge.sql.query(
      "SELECT purge_after > now() + interval '1 hour' AS later FROM videos WHERE id = $1",
      [id],
    );
    expect(rows).toEqual([{ later: true }]);
  });

  test("the sweep of objects keeps parts that are the source, and takes those that are not", async () => {
    const ann = await edge.person();
    const file = newFile(2);
    const open = await ann.ticket(file.length);
    await putAll(open, file);
    const done = await ann.ticket(file.length);
    await putAll(done, file);
    await complete(ann, done.video.id);
    await assembled(done.video.id);
    await sweepNow(edge);
    await put(done, 1, slice(done, file, 1));
    const Key = `${rawPrefix(ann.user.id, open.video.id)}parts/stray`;
    const CopySource = `${Bucket()}/${partKey(ann.user.id, open.video.id, 1)}`;
    await s3().send(new CopyObjectCommand({ Bucket: Bucket(), Key, CopySource }));
    const inADay = Date.now() + 25 * 3_600_000;
    await eventually(async () => {
      await sweepObjects(insideEdge(edge), inADay);
      expect(await keysOf(ann, done.video.id)).toEqual(["source"]);
    });
    expect(await keysOf(ann, open.video.id)).toEqual(["parts/00001", "parts/00002"]);
  });

  test("a store that cannot copy parts gets multipart uploads", async () => {
    faults.decide = (method, url) =>
      isCopy(method, url) && url.pathname.includes("readyz/") ? { status: 501, text: "" } : "pass";
    await restartWith({});
    // A check that finds the store slow says nothing of it: whoever asks, asks again.
    await eventually(async () => {
      const ready = await (await fetch(`${edge.url}/readyz`)).json();
      expect(ready).toMatchObject({
        parts: { storage: { ok: true, note: expect.stringContaining("UploadPartCopy") } },
      });
    });
    const ann = await edge.person();
    const ticket = await ann.ticket(40 * MIB);
    expect(ticket.upload).toMatchObject({ partSize: 16 * MIB, partCount: 3 });
    expect(await stored(ann, ticket.video.id)).toEqual({ parts: [], wanted: [] });
    const id = await ann.uploaded(10);
    expect((await edge.task(id, "plan")).state).toBe("queued");
  });

  test("uploads that began before the setting changed complete as they began", async () => {
    await restartWith({});
    const ann = await edge.person();
    const file = newFile(2);
    const asObjects = await ann.ticket(file.length);
    await putAll(asObjects, file);
    await restartWith({ STORAGEX_EARLY_START: "0" });
    const asMultipart = await ann.ticket(10);
    expect((await complete(ann, asObjects.video.id)).status).toBe(200);
    await assembled(asObjects.video.id, true);
    expect(await sourceHash(ann, asObjects.video.id)).toBe(hashOf(file));
    await restartWith({});
    const again = await ann.call("POST", `/v1/videos/${asMultipart.video.id}/upload/parts`, {
      partNumbers: [1],
    });
    const { parts } = partUrlsSchema.parse(await again.json());
    await ann.putParts({ ...asMultipart, upload: { ...asMultipart.upload, parts } });
    expect((await complete(ann, asMultipart.video.id)).status).toBe(200);
    expect((await edge.task(asMultipart.video.id, "plan")).state).toBe("queued");
  });

  test("the multipart upload of the assembly may vanish: the next run begins another", async () => {
    const { ann, file, id } = await sentInParts(2);
    faults.decide = (method, url) =>
      isCopy(method, url) && url.pathname.includes(id) ? { status: 503, text: "" } : "pass";
    await complete(ann, id);
    const uploadOf = async () =>
      (await edge.sql.query("SELECT upload_id FROM videos WHERE id = $1", [id])).rows[0]?.upload_id;
    await eventually(async () => expect(await uploadOf()).toEqual(expect.any(String)));
    const at = { Bucket: Bucket(), Key: sourceKey(ann.user.id, id), UploadId: await uploadOf() };
    await s3().send(new AbortMultipartUploadCommand(at));
    faults.decide = () => "pass";
    await assembled(id, true);
    expect(await sourceHash(ann, id)).toBe(hashOf(file));
  });

  test("a part that was removed after it was counted fails the video", async () => {
    const { ann, id } = await sentInParts(2);
    faults.decide = (method, url) =>
      isCopy(method, url) && url.pathname.includes(id) ? { status: 503, text: "" } : "pass";
    await complete(ann, id);
    await s3().send(new DeleteObjectCommand({ Bucket: Bucket(), Key: partKey(ann.user.id, id, 2) }));
    faults.decide = () => "pass";
    await eventually(async () => {
      await edge.sql.query("UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = $1", [id]);
      await sweepNow(edge);
      expect((await ann.video(id)).status).toBe("failed");
    });
  });
}
