/** Parts that are objects: what is found and pinned, and what becomes of parts that are sent again. */
import { partKey, partsPrefix } from "@storagex/contract/keys";
import { expect, test } from "vitest";
import { problemOf } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import type { Person } from "../support/person.ts";
import { quotaOf } from "../support/quota.ts";
import { sweepNow } from "../support/sweep-now.ts";
import {
  assembled,
  complete,
  edge,
  faults,
  forgetLook,
  hashOf,
  isCopy,
  keysOf,
  MIB,
  newFile,
  put,
  putAll,
  sentInParts,
  sourceHash,
  stored,
} from "./setting.ts";

/** Whether it asks for the parts of video `id`: other videos' keys are listed by the sweep's deletions. */
const isListing = (method: string, url: URL, owner: Person, id: string): boolean =>
  method === "GET" && url.searchParams.get("prefix") === partsPrefix(owner.user.id, id);

export function findingTests(): void {
  test("parts in any order become one object, byte for byte, and go; its last part has one byte", async () => {
    const ann = await edge.person();
    const file = newFile(4);
    const ticket = await ann.ticket(file.length);
    expect(ticket.upload).toMatchObject({ partSize: 8 * MIB, partCount: 4 });
    const { id } = ticket.video;
    await putAll(ticket, file, [4, 2, 1, 3]);
    expect(await keysOf(ann, id)).toEqual(["parts/00001", "parts/00002", "parts/00003", "parts/00004"]);
    const answer = await complete(ann, id);
    expect([answer.status, (await ann.video(id)).status]).toEqual([200, "queued"]);
    expect(await quotaOf(edge, ann.user.id)).toEqual({ used: file.length, reserved: 0, open: 0 });
    await assembled(id);
    expect(await sourceHash(ann, id)).toBe(hashOf(file));
    await sweepNow(edge);
    await expect.poll(() => keysOf(ann, id)).toEqual(["source"]);
    await edge.sent((await edge.task(id, "plan")).id);
  });

  test("a look finds what is new, once a second, and says what a plan reads first", async () => {
    const ann = await edge.person();
    const file = newFile(4);
    const ticket = await ann.ticket(file.length);
    const { id } = ticket.video;
    expect(await stored(ann, id)).toEqual({ parts: [], wanted: [1, 4] });
    await putAll(ticket, file, [1, 3]);
    // As if no second had passed, however slow the machine is.
    await edge.sql.query(
      "UPDATE part_uploads SET looked_at = now() + interval '1 hour' WHERE video_id = $1",
      [id],
    );
    expect((await stored(ann, id)).parts).toEqual([]);
    await forgetLook(id);
    const found = await stored(ann, id);
    expect(found.parts.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 8 * MIB],
      [3, 8 * MIB],
    ]);
    expect(found.wanted).toEqual([4]);
    const listings: string[] = [];
    faults.decide = (method, url) => {
      if (isListing(method, url, ann, id)) listings.push(url.searchParams.get("start-after") ?? "");
      return "pass";
    };
    await putAll(ticket, file, [4, 2]);
    await forgetLook(id);
    expect((await stored(ann, id)).parts.map(({ partNumber }) => partNumber)).toEqual([2, 4]);
    expect(listings).toEqual([partKey(ann.user.id, id, 1)]);
    await forgetLook(id);
    expect(await stored(ann, id)).toEqual({ parts: [], wanted: [] });
    expect(listings[1]).toBe(partKey(ann.user.id, id, 4));
    await complete(ann, id);
    const late = await ann.call("POST", `/v1/videos/${id}/upload/stored`, {});
    expect((await problemOf(late)).code).toBe("video.wrong_status");
  });

  test("many looks at once: storage is asked once, and every part is found exactly once", async () => {
    const { ann, ticket } = await sentInParts(3);
    let asked = 0;
    faults.decide = (method, url) => {
      if (isListing(method, url, ann, ticket.video.id)) asked += 1;
      return "pass";
    };
    const began = Date.now();
    const answers = await Promise.all(Array.from({ length: 12 }, () => stored(ann, ticket.video.id)));
    // Once a second: a busy machine needs longer than that for twelve.
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(1 + (Date.now() - began) / 1000);
    expect(answers.flatMap(({ parts }) => parts.map(({ partNumber }) => partNumber)).sort()).toEqual([
      1, 2, 3,
    ]);
  });

  test("a part that is sent again before the upload is complete counts as it is then", async () => {
    const ann = await edge.person();
    const file = newFile(2);
    const ticket = await ann.ticket(file.length);
    const { id } = ticket.video;
    await put(ticket, 1, new Uint8Array(8 * MIB));
    await stored(ann, id);
    await putAll(ticket, file);
    expect((await complete(ann, id)).status).toBe(200);
    await assembled(id);
    expect(await sourceHash(ann, id)).toBe(hashOf(file));
  });

  test("a part that is sent again after it was counted fails the video, and its bytes are never used", async () => {
    const { ann, id, ticket } = await sentInParts(2);
    // Nothing is copied before the part is swapped.
    faults.decide = (method, url) => (isCopy(method, url) ? { status: 503, text: "" } : "pass");
    expect((await complete(ann, id)).status).toBe(200);
    await put(ticket, 1, new Uint8Array(8 * MIB));
    faults.decide = () => "pass";
    await eventually(async () => {
      await edge.sql.query("UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = $1", [id]);
      await sweepNow(edge);
      expect(await ann.video(id)).toMatchObject({ status: "failed", error: { code: "source.changed" } });
    });
    expect(await keysOf(ann, id)).not.toContain("source");
    expect((await edge.task(id, "plan")).state).toBe("cancelled");
  });

  test("a part URL that is used after the source is one object changes nothing, and its part goes", async () => {
    const { ann, file, id, ticket } = await sentInParts(2);
    await complete(ann, id);
    await assembled(id);
    await sweepNow(edge);
    await put(ticket, 1, new Uint8Array(8 * MIB));
    expect(await keysOf(ann, id)).toEqual(["parts/00001", "source"]);
    const passed = (what: string) =>
      edge.sql.query(`UPDATE part_uploads SET ${what} WHERE video_id = $1`, [id]).then(() => sweepNow(edge));
    await passed("urls_until = now() - interval '1 second', swept_at = now() - interval '2 minutes'");
    expect(await keysOf(ann, id)).toEqual(["source"]);
    const rows = async () =>
      (await edge.sql.query("SELECT 1 FROM part_uploads WHERE video_id = $1", [id])).rowCount;
    expect(await rows()).toBe(1);
    await passed("swept_at = now() - interval '2 minutes'");
    expect(await rows()).toBe(1);
    await passed("swept_at = now() - interval '2 minutes'");
    expect(await rows()).toBe(0);
    expect(await sourceHash(ann, id)).toBe(hashOf(file));
  });
}
