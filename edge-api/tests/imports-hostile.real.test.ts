/** Servers that do everything but send a file, fetched by the importer's own code: what becomes of the import. */
import { partsPrefix } from "@storagex/contract/keys";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFileServer } from "../../testing/services/file-server.ts";
import { MemoryBudget } from "../../transcode-node/src/imports/memory-budget.ts";
import { readConfig } from "../src/config.ts";
import { storageOf } from "../src/storage/s3.ts";
import { drivenClock } from "./support/driven-clock.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";
import {
  bytesOf,
  digest,
  importFrom,
  MIB,
  runImport,
  runToTheEnd,
  storedDigest,
} from "./support/import-world.ts";
import { newPerson, type Person } from "./support/person.ts";
import { sweepNow } from "./support/sweep-now.ts";

let edge: Edge;
let person: Person;
const files = startFileServer();
const MAX_BYTES = 40 * MIB;
const SETTINGS = {
  STORAGEX_IMPORT_ALLOW: "127.0.0.1,named.example.org",
  STORAGEX_MAX_UPLOAD_BYTES: String(MAX_BYTES),
};

beforeAll(async () => {
  edge = await startEdge(SETTINGS);
  person = await newPerson(edge.url);
});
afterAll(async () => {
  await edge?.stop();
  files.stop();
});

/** Every try of an import from `url`; how it ended, and in how many tries. */
async function outcomeOf(url: string, run: Parameters<typeof runToTheEnd>[2] = {}) {
  const { id } = await importFrom(person, url);
  const tries = await runToTheEnd(edge, id, run);
  const { status, error } = await person.video(id);
  return { id, tries, status, code: error?.code };
}

/** What accounts and the store keep of imports that failed: nothing. */
async function expectNothingKept(id: string): Promise<void> {
  const { rows } = await edge.sql.query(
    `SELECT reserved_bytes::int AS reserved, open_tickets AS open FROM users WHERE id = $1`,
    [person.user.id],
  );
  expect(rows).toEqual([{ reserved: 0, open: 0 }]);
  await sweepNow(edge);
  const parts = await storageOf(readConfig(edge.bindings)).list(partsPrefix(person.user.id, id));
  expect(parts.objects).toEqual([]);
}

const redirect = (path: string, location: string) =>
  files.answer(path, (_, response) => response.writeHead(302, { location }).end());

test("no file, no answer, an error: each ends with its own code", async () => {
  expect(await outcomeOf(await files.url("/none.mp4"))).toMatchObject({
    tries: 1,
    status: "failed",
    code: "import.not_found",
  });
  const forbidden = await files.answer("/forbidden", (_, response) => response.writeHead(403).end());
  expect(await outcomeOf(forbidden)).toMatchObject({ tries: 1, code: "import.not_found" });
  const broken = await files.answer("/broken", (_, response) => response.writeHead(503).end());
  expect(await outcomeOf(broken)).toMatchObject({ tries: 5, code: "import.unreachable" });
  expect(await outcomeOf("http://127.0.0.1:9/a.mp4")).toMatchObject({ tries: 5, code: "import.unreachable" });
  const empty = await files.serve("/empty.mp4", { bytes: Buffer.alloc(0) });
  const { id, ...ended } = await outcomeOf(empty);
  expect(ended).toMatchObject({ tries: 1, code: "source.empty" });
  await expectNothingKept(id);
});

test("redirects are followed five times, and never to where the address itself would be refused", async () => {
  const bytes = bytesOf(MIB);
  await files.serve("/hop5", { bytes });
  for (let hop = 0; hop < 5; hop += 1) await redirect(`/hop${hop}`, `/hop${hop + 1}`);
  expect(await outcomeOf(await files.url("/hop0"))).toMatchObject({ tries: 1, status: "queued" });
  await redirect("/hop", "/hop0");
  expect(await outcomeOf(await files.url("/hop"))).toMatchObject({ tries: 1, code: "import.refused" });
  const others = [
    await files.url("/hop5", "127.0.0.2"),
    await files.url("/hop5", "[::1]"),
    "file:///etc/passwd",
  ];
  for (const location of others)
    expect(await outcomeOf(await redirect("/out", location)), location).toMatchObject({
      code: "import.refused",
    });
  // What is not listed for this importer is not fetched, whatever the API took.
  expect(await outcomeOf(await files.url("/hop5"), { allow: "" })).toMatchObject({ code: "import.refused" });
  const asked = files.asked("/hop5").length;
  let answers = 0;
  const changing = async () => [answers++ === 0 ? "127.0.0.1" : "127.0.0.2"];
  await redirect("/renamed", await files.url("/hop5", "changes.example.org"));
  const renamed = await files.url("/renamed", "changes.example.org");
  expect(await outcomeOf(renamed, { resolve: changing })).toMatchObject({ code: "import.refused" });
  expect([answers, files.asked("/hop5").length]).toEqual([2, asked]);
});

test("an import for whose part there is no memory is handed back, and goes on when others have ended", async () => {
  const { id } = await importFrom(person, await files.serve("/patient", { bytes: bytesOf(9 * MIB) }));
  const memory = new MemoryBudget(12 * MIB);
  const leave = memory.reserve(8 * MIB);
  expect(await runImport(edge, { memory })).toBe(true);
  expect(await person.video(id)).toMatchObject({ status: "pending_upload", error: null });
  leave?.();
  expect(await runToTheEnd(edge, id, { memory })).toBe(1);
  expect(await person.video(id)).toMatchObject({ status: "queued" });
  // It has left its place.
  expect(memory.reserve(12 * MIB)).toBeDefined();
});

test("a file that is too large is not fetched; one that does not say so, no further than allowed", async () => {
  const huge = await files.answer("/huge", (_, response) => {
    response.writeHead(200, { "content-length": String(100e9) }).write("x");
  });
  const told = await outcomeOf(huge);
  expect(told).toMatchObject({ tries: 1, code: "import.too_large" });
  let sent = 0;
  const piece = Buffer.alloc(MIB);
  const endless = await files.answer("/endless", (_, response) => {
    const more = () => {
      do sent += piece.length;
      while (response.write(piece));
    };
    response.on("drain", more);
    more();
  });
  const { id, ...ended } = await outcomeOf(endless);
  expect(ended).toMatchObject({ tries: 1, code: "import.too_large" });
  expect(sent).toBeLessThan(2 * MAX_BYTES);
  await expectNothingKept(id);
});

test("the quota counts from the first byte, with or without a length", async () => {
  const poor = await newPerson(edge.url);
  await edge.sql.query("UPDATE users SET quota_bytes = $2 WHERE id = $1", [poor.user.id, 10 * MIB]);
  for (const chunked of [false, true]) {
    const url = await files.serve("/quota.mp4", { bytes: bytesOf(12 * MIB), chunked });
    const { id } = await importFrom(poor, url);
    expect(await runToTheEnd(edge, id)).toBe(1);
    expect((await poor.video(id)).error?.code).toBe("import.too_large");
  }
  const url = await files.serve("/within.mp4", { bytes: bytesOf(9 * MIB) });
  const { id } = await importFrom(poor, url);
  await runToTheEnd(edge, id);
  expect((await poor.video(id)).status).toBe("queued");
});

test("a source without a length is fetched as well, and its size is known in the end", async () => {
  for (const size of [1, 8 * MIB, 17 * MIB + 5]) {
    const bytes = bytesOf(size).fill(7, 0, 1);
    const { id } = await importFrom(person, await files.serve(`/chunked-${size}`, { bytes, chunked: true }));
    await runToTheEnd(edge, id);
    expect(await person.video(id)).toMatchObject({
      status: "queued",
      size,
      import: { received: size, size },
    });
    await eventually(async () => expect(await storedDigest(edge, person, id)).toBe(digest(bytes)));
  }
});

test("cut off again and again, it goes on from the very byte; where that is impossible, it ends", async () => {
  const bytes = bytesOf(20 * MIB);
  const cutAfter = () => 3 * MIB + 7;
  const { id } = await importFrom(person, await files.serve("/cut.mp4", { bytes, cutAfter }));
  expect(await runToTheEnd(edge, id)).toBe(1);
  expect((await person.video(id)).status).toBe("queued");
  await eventually(async () => expect(await storedDigest(edge, person, id)).toBe(digest(bytes)));
  const [, second] = files.asked("/cut.mp4");
  expect(second).toMatchObject({ range: `bytes=${3 * MIB + 7}-`, ifRange: '"v1"' });
  // Without ranges the same bytes come again, and count for nothing.
  const whole = await files.serve("/cut-whole.mp4", { bytes, cutAfter, ranges: false });
  const neverWhole = await outcomeOf(whole);
  expect(neverWhole.code).toBe("import.interrupted");
  // A try whose last bytes were lost with its connection is followed by one that comes further, which counts anew.
  expect(neverWhole.tries).toBeGreaterThanOrEqual(5);
  // If it is not cut for ever, it comes nevertheless, with a version or without one.
  for (const etag of ['"v1"', null]) {
    const path = `/cut-once-${etag !== null}`;
    const once = await files.serve(path, {
      bytes,
      ranges: false,
      etag,
      cutAfter: (n) => (n < 2 ? 9 * MIB : undefined),
    });
    const ended = await outcomeOf(once);
    expect(ended.status, path).toBe("queued");
    await eventually(async () => expect(await storedDigest(edge, person, ended.id)).toBe(digest(bytes)));
  }
});

test("a file that changes while it comes is fetched anew, and never put together of two", async () => {
  const next = bytesOf(20 * MIB, 99);
  let served = { bytes: bytesOf(20 * MIB), etag: '"old"' };
  const old = await files.serve("/changes.mp4", { ...served, cutAfter: () => 9 * MIB });
  const { id } = await importFrom(person, old);
  const stop = new AbortController();
  served = { bytes: next, etag: '"new"' };
  // The first answer is cut; what goes on is another file.
  await files.serve("/changed.mp4", served);
  await files.answer(
    "/changes.mp4",
    (() => {
      let n = 0;
      return (_, response) => {
        const { bytes, etag } = n++ === 0 ? { bytes: bytesOf(20 * MIB), etag: '"old"' } : served;
        response.writeHead(200, { etag, "accept-ranges": "bytes", "content-length": String(bytes.length) });
        if (etag === '"new"') return void response.end(bytes);
        response.write(bytes.subarray(0, 9 * MIB), () => response.destroy());
      };
    })(),
  );
  await runToTheEnd(edge, id, { stop: stop.signal });
  expect(await person.video(id)).toMatchObject({ status: "queued", size: 20 * MIB });
  await eventually(async () => expect(await storedDigest(edge, person, id)).toBe(digest(next)));
});

test("a length that is a lie: too short is cut, too long is never whole, and parts of something else are not taken", async () => {
  const bytes = bytesOf(2 * MIB);
  const more = await files.answer("/says-more", (_, response) => {
    response.writeHead(200, { etag: '"v1"', "content-length": String(bytes.length * 2) });
    response.write(bytes, () => response.destroy());
  });
  expect(await outcomeOf(more)).toMatchObject({ code: "import.interrupted" });
  const less = await files.answer("/says-less", (_, response) => {
    response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${MIB}\r\n\r\n`);
    response.socket?.end(bytes);
  });
  const short = await outcomeOf(less);
  expect(await person.video(short.id)).toMatchObject({ status: "queued", size: MIB });
  // A server whose parts are of other bytes than it was asked for.
  const wrong = await files.answer("/wrong-part", (request, response) => {
    const isRest = request.headers.range !== undefined;
    const head = { etag: '"v1"', "accept-ranges": "bytes" };
    if (isRest)
      response
        .writeHead(206, { ...head, "content-range": `bytes 0-99/${bytes.length}` })
        .end(bytes.subarray(0, 100));
    else
      response
        .writeHead(200, { ...head, "content-length": String(bytes.length) })
        .write(bytes.subarray(0, MIB), () => response.destroy());
  });
  expect(await outcomeOf(wrong)).toMatchObject({ code: "import.interrupted" });
});

test("a byte a minute is too slow, and who never answers keeps nobody: by a clock that is driven", async () => {
  let drip: (() => void) | undefined;
  const slow = await files.answer("/slow", (_, response) => {
    response.writeHead(200, { "content-length": "1000000", etag: '"v1"' }).write("x");
    drip = () => response.write("x");
  });
  const deaf = await files.answer("/deaf", () => undefined);
  for (const [url, ms, code] of [
    [slow, 60_000, "import.interrupted"],
    [deaf, 30_000, "import.unreachable"],
  ] as const) {
    const clock = drivenClock();
    const { id } = await importFrom(person, url);
    let isOver = false;
    const ended = runToTheEnd(edge, id, { clock }).finally(() => {
      isOver = true;
    });
    await eventually(async () => {
      // As soon as the importer waits for the server, the time is over.
      if (clock.waits().includes(ms)) {
        drip?.();
        clock.pass(ms);
      }
      expect(isOver).toBe(true);
    });
    expect(await ended).toBe(5);
    expect((await person.video(id)).error?.code).toBe(code);
  }
});

test("after an hour it is handed back and taken up again, which counts as no failure", async () => {
  const bytes = bytesOf(30 * MIB);
  const clock = drivenClock();
  const url = await files.serve("/hour.mp4", { bytes, holdAfter: (n) => (n === 0 ? 9 * MIB : undefined) });
  const { id } = await importFrom(person, url);
  const turn = runImport(edge, { clock });
  await eventually(async () => expect((await person.video(id)).uploaded).toBeGreaterThan(0));
  clock.pass(3_700_000);
  files.release();
  expect(await turn).toBe(true);
  const { rows } = await edge.sql.query("SELECT failures, lease FROM imports WHERE video_id = $1", [id]);
  expect(rows).toEqual([{ failures: 0, lease: null }]);
  expect((await person.video(id)).status).toBe("pending_upload");
  expect(await runImport(edge)).toBe(true);
  expect((await person.video(id)).status).toBe("queued");
  await eventually(async () => expect(await storedDigest(edge, person, id)).toBe(digest(bytes)));
});

test("a retry fetches again; what does not come within a day fails", async () => {
  const { id, code } = await outcomeOf(await files.url("/later.mp4"));
  expect(code).toBe("import.not_found");
  const bytes = bytesOf(9 * MIB);
  await files.serve("/later.mp4", { bytes });
  expect((await person.call("POST", `/v1/videos/${id}/retry`)).status).toBe(202);
  expect(await person.video(id)).toMatchObject({ status: "pending_upload", error: null });
  await runToTheEnd(edge, id);
  expect((await person.video(id)).status).toBe("queued");
  const held = await importFrom(person, await files.url("/never.mp4"));
  await edge.sql.query("UPDATE videos SET ticket_expires_at = now() WHERE id = $1", [held.id]);
  expect(await runImport(edge)).toBe(false);
  await sweepNow(edge);
  expect((await person.video(held.id)).error?.code).toBe("import.interrupted");
});

test("a disabled account's imports rest, and go on when it is enabled", async () => {
  const other = await newPerson(edge.url);
  const { id } = await importFrom(other, await files.serve("/rests.mp4", { bytes: bytesOf(MIB) }));
  await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [other.user.id]);
  expect(await runImport(edge)).toBe(false);
  await edge.sql.query("UPDATE users SET disabled_at = NULL WHERE id = $1", [other.user.id]);
  expect(await runImport(edge)).toBe(true);
  expect((await other.video(id)).status).toBe("queued");
});

test("into a multipart upload, where parts are no objects, it is the same", async () => {
  await edge.restart({ ...SETTINGS, STORAGEX_EARLY_START: "0" });
  const bytes = bytesOf(33 * MIB);
  const cutAfter = (n: number) => (n === 0 ? 18 * MIB : undefined);
  const { id } = await importFrom(person, await files.serve("/multipart.mp4", { bytes, cutAfter }));
  await runToTheEnd(edge, id);
  expect((await person.video(id)).status).toBe("queued");
  await eventually(async () => expect(await storedDigest(edge, person, id)).toBe(digest(bytes)));
  const failed = await outcomeOf(
    await files.serve("/multipart-cut.mp4", { bytes, ranges: false, cutAfter: () => 17 * MIB }),
  );
  expect(failed.code).toBe("import.interrupted");
  expect((await person.call("POST", `/v1/videos/${failed.id}/retry`)).status).toBe(202);
  await files.serve("/multipart-cut.mp4", { bytes });
  await runToTheEnd(edge, failed.id);
  await eventually(async () => expect(await storedDigest(edge, person, failed.id)).toBe(digest(bytes)));
});
