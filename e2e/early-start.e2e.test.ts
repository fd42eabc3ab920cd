/**
 * Encoding while a file is uploaded: its beginning is played before its last part is stored, services that are
 * killed meanwhile lose nothing, and every frame and every byte of the source is there in the end.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { foundPartsSchema, type Ticket } from "@storagex/contract/uploads/upload";
import { sourceAnswerSchema } from "@storagex/contract/videos/playback";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ended,
  expectJson,
  type Person,
  playback,
  read,
  register,
  ticket,
  until,
} from "./testing/account.ts";
import { countedClip, numbersOf } from "./testing/counted-clip.ts";
import { assertNothingLost } from "./testing/invariants.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

const run = promisify(execFile);
const SECONDS = 36;
const RATE = 25;

let stack: RunningStack;
let ann: Person;

beforeAll(async () => {
  stack = await startStack({ STORAGEX_WORKERS: "2" });
  ann = await register(() => stack.url);
});
afterAll(() => stack?.dispose());

/** The same packets in another container, or with the index elsewhere. */
async function remuxed(clip: string, ending: string, args: readonly string[]): Promise<string> {
  const path = clip.replace(/\.mp4$/, ending);
  if (existsSync(path)) return path;
  const draft = path.replace(/(\.\w+)$/, `.${process.pid}$1`);
  await run("ffmpeg", ["-v", "error", "-nostdin", "-y", "-i", clip, "-c", "copy", ...args, draft]);
  await rename(draft, path);
  return path;
}

/** By what is special about their upload: where the index lies that a plan needs. */
const FILES: Record<string, (clip: string) => Promise<string>> = {
  "an MP4 with its index at the front": (clip) => remuxed(clip, "-front.mp4", ["-movflags", "+faststart"]),
  "an MP4 with its index at the end": async (clip) => clip,
  "a Matroska file": (clip) => remuxed(clip, ".mkv", []),
};

/** Sends parts as a client of ours does: those that are wanted first, then the others in order. */
function sender(granted: Ticket, bytes: Buffer) {
  const { partSize, partCount } = granted.upload;
  const sent = new Set<number>();
  const send = async (number: number): Promise<void> => {
    const url = granted.upload.parts.find(({ partNumber }) => partNumber === number)?.url ?? "";
    const body = new Uint8Array(bytes.subarray((number - 1) * partSize, number * partSize));
    const answer = await fetch(url, { method: "PUT", body });
    if (!answer.ok) throw new Error(`part ${number}: ${answer.status} ${await answer.text()}`);
    sent.add(number);
  };
  const look = async () => {
    const answer = await ann.call("POST", `/v1/videos/${granted.video.id}/upload/stored`, {});
    return foundPartsSchema.parse(await expectJson(answer, 200));
  };
  /** Sends the next part that is not withheld; does nothing if there is none. */
  const next = async (withheld: number): Promise<void> => {
    const { wanted } = await look();
    const others = Array.from({ length: partCount }, (_, index) => index + 1);
    const number = [...wanted, ...others].find((each) => !sent.has(each) && each !== withheld);
    if (number !== undefined) await send(number);
  };
  /** The parts that are left, through an outage. */
  const rest = async (): Promise<void> => {
    for (let number = 1; number <= partCount; number += 1)
      if (!sent.has(number)) await persistently(() => send(number));
  };
  return { send, look, next, rest, partCount };
}

/** Calls `act` until it succeeds: a service that it needs was killed. */
const persistently = (act: () => Promise<unknown>) =>
  expect.poll(() => act().then(() => true, String), { interval: 250 }).toBe(true);

/** The first segment of the playlist's first rendition, as a player gets it. */
async function firstSegment(id: string): Promise<number> {
  const { hls, state } = await playback(ann, id);
  expect(state).toBe("partial");
  const master = await (await fetch(hls ?? "")).text();
  const [variant = ""] = master.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const list = await (await fetch(new URL(variant, hls ?? ""))).text();
  const [, length = "0", from = "0", segment = ""] =
    /#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)/.exec(list.replace(/#EXTINF[^\n]*\n/g, "")) ?? [];
  const range = `bytes=${from}-${Number(from) + Number(length) - 1}`;
  const answer = await fetch(segment, { headers: { range } });
  expect(answer.status).toBe(206);
  return (await answer.arrayBuffer()).byteLength;
}

/** Uploads the file except one part in its middle, until its beginning can be played. */
async function uploadedToPlayable(path: string) {
  const bytes = await readFile(path);
  const granted = await ticket(ann, path.slice(path.lastIndexOf("/") + 1), bytes.length);
  const { id } = granted.video;
  const upload = sender(granted, bytes);
  const withheld = upload.partCount - 2;
  const isPlayable = async () => {
    await upload.next(withheld);
    // The server looks once a second.
    await sleep(1_000);
    return (await read(ann, id)).playable;
  };
  await expect.poll(isPlayable, { interval: 10 }).toBe(true);
  // The part that was withheld; on a fast machine others, too.
  return { id, bytes, finish: upload.rest };
}

async function sourceOf(id: string): Promise<Buffer> {
  const at = `/v1/videos/${id}/source`;
  await expect.poll(async () => (await ann.call("GET", at)).status).toBe(200);
  const { url } = sourceAnswerSchema.parse(await expectJson(await ann.call("GET", at), 200));
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

/** Killed in the middle of each upload; its last parts are sent meanwhile. */
const KILLED = [["worker-1", "s3"], ["workerd", "postgres"], ["rabbitmq"]];

test(`${Object.keys(FILES).join(", ")}: each is watched while it is uploaded, survives killed services, and is whole`, async () => {
  const clip = await countedClip(SECONDS, RATE, "640x360", "filled");
  const paths: string[] = [];
  for (const fileOf of Object.values(FILES)) paths.push(await fileOf(clip));
  const uploads = await Promise.all(paths.map(uploadedToPlayable));
  for (const { id } of uploads) {
    expect(await read(ann, id)).toMatchObject({ status: "pending_upload", error: null });
    expect(await firstSegment(id)).toBeGreaterThan(1_000);
  }
  for (const [at, { id, finish }] of uploads.entries()) {
    for (const service of KILLED[at] ?? []) process.kill(await stack.pid(service), "SIGKILL");
    await finish();
    await persistently(async () => expectJson(await ann.call("POST", `/v1/videos/${id}/complete`, {}), 200));
  }
  for (const { id, bytes } of uploads) {
    expect(await until(ann, id, ended)).toMatchObject({ status: "completed", error: null });
    const { mp4 } = await playback(ann, id);
    expect(await numbersOf(mp4 ?? "")).toEqual(Array.from({ length: SECONDS * RATE }, (_, frame) => frame));
    expect(hashOf(await sourceOf(id))).toBe(hashOf(bytes));
  }
});

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test("one finish each, nothing lost, nothing left over", () => assertNothingLost(stack));
