/**
 * g: a video that is encoded while it is uploaded over a throttled line, by the dashboard's own sender; and one that
 * is refused.
 */
import { existsSync, openAsBlob } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { foundPartsSchema, partUrlsSchema } from "@storagex/contract/uploads/upload";
import { expectJson, ticket } from "../../e2e/testing/account.ts";
import { CONNECTIONS } from "../../web/src/upload/send/connections.ts";
import { PartSender } from "../../web/src/upload/send/part-sender.ts";
import { PartUrls } from "../../web/src/upload/send/part-urls.ts";
import { Slots } from "../../web/src/upload/send/slots.ts";
import { Line } from "./line.ts";
import type { Crew, Product, TaskTrace } from "./product.ts";
import { RESULTS } from "./source.ts";
import { complete, decodeFirst, remove } from "./through.ts";

const now = () => Date.now() / 1000;

/** Seconds since the epoch, unless said otherwise. */
export type Early = {
  began: number;
  /** The first part and the last, which has the file's index, were stored. */
  indexed: number;
  /** A player had decoded a frame. */
  firstFrame: number;
  /** The last byte was stored. */
  stored: number;
  completed: number;
  /** Seconds of CPU of the worker in total. */
  crewCpu: number;
  tasks: TaskTrace[];
};

/** The parts of 1 GB of text that were stored, and those on the way, when the sender learned of the refusal. */
export type Refused = { stored: number; sending: number };

/** The server refuses further parts. */
class RefusedError extends Error {}

/** Sends the file at `path` over `line`. `onStored` is called with the number of each part, `onBegun` with its start. */
async function send(
  { person }: Product,
  path: string,
  line: Line,
  on: {
    begun(number: number): void;
    stored(number: number): void;
    made(id: string, partCount: number): void;
  },
): Promise<void> {
  const file = await openAsBlob(path);
  const { video, upload } = await ticket(person, "bench.mp4", file.size);
  on.made(video.id, upload.partCount);
  const call = (method: string, at: string, body: unknown) =>
    person.call(method, `/v1/videos/${video.id}/upload/${at}`, body);
  const more = async (partNumbers: number[]) =>
    partUrlsSchema.parse(await expectJson(await call("POST", "parts", { partNumbers }), 200)).parts;
  const sender = new PartSender({
    file,
    layout: { size: file.size, partSize: upload.partSize },
    stored: [],
    urls: new PartUrls(more, upload.partCount, upload.parts),
    slots: new Slots(CONNECTIONS),
    calls: {
      put: async ({ url, body, signal = new AbortController().signal, onProgress }) => {
        const number = Number(/\/parts\/(\d+)$/.exec(new URL(url).pathname)?.[1]);
        on.begun(number);
        await line.put(url, body, { signal, onProgress });
        on.stored(number);
      },
      findParts: async () => {
        const answer = await call("POST", "stored", {});
        if (answer.status === 409) throw new RefusedError("refused");
        return foundPartsSchema.parse(await expectJson(answer, 200));
      },
      pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
    },
    onProgress: () => undefined,
  });
  await sender.run(new AbortController().signal);
}

/** Uploads `source` at `bytesPerSecond` and follows it to its completion. */
export async function early(
  product: Product,
  crew: Crew,
  source: string,
  bytesPerSecond: number,
): Promise<Early> {
  const cpu = crew.cpu();
  const began = now();
  const storedAt = new Map<number, number>();
  let made = { id: "", partCount: 0 };
  let firstFrame = Promise.resolve(Number.NaN);
  await send(product, source, new Line(bytesPerSecond), {
    made: (id, partCount) => {
      made = { id, partCount };
      firstFrame = decodeFirst(product, id, 0);
      firstFrame.catch(() => undefined);
    },
    begun: () => undefined,
    stored: (number) => void storedAt.set(number, now()),
  });
  const { id, partCount } = made;
  await complete(product, id);
  const { completed } = await product.until(id, ({ status }) => status === "completed");
  const measured = {
    began,
    indexed: Math.max(storedAt.get(1) ?? Number.NaN, storedAt.get(partCount) ?? Number.NaN),
    firstFrame: await firstFrame,
    stored: Math.max(...storedAt.values()),
    completed: completed ?? now(),
    crewCpu: crew.cpu() - cpu,
    tasks: await product.tasks(id),
  };
  await remove(product, id);
  return measured;
}

/** Bytes a second of a home line: 20 Mbit/s. */
const HOME = 2_500_000;
const TEXT_BYTES = 1_000_000_000;

/** Uploads text that says it is a video, until it is refused. */
export async function refused(product: Product): Promise<Refused> {
  const path = join(RESULTS, "sources", "text.mp4");
  if (!existsSync(path)) {
    await writeFile(path, "This is no video.\n".repeat(100_000));
    await truncate(path, TEXT_BYTES);
  }
  const sent = { begun: 0, stored: 0 };
  let video = "";
  const upload = send(product, path, new Line(HOME), {
    made: (id) => {
      video = id;
    },
    begun: () => {
      sent.begun += 1;
    },
    stored: () => {
      sent.stored += 1;
    },
  });
  const failure = await upload.then(
    () => new Error("the text was taken for a video"),
    (error: unknown) => error,
  );
  if (!(failure instanceof RefusedError)) throw failure;
  await remove(product, video);
  return { stored: sent.stored, sending: sent.begun - sent.stored };
}
