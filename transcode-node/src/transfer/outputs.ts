/**
 * Uploads what a step made: one PUT, or the parts of a multipart upload, with presigned URLs that are renewed
 * when refused.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { MultipartGrant, OutputGrant, SingleGrant } from "@storagex/contract/tasks/grants";
import type { PlainObject } from "@storagex/contract/tasks/report";
import { MediaFailure } from "../media/failure.ts";
import { blobOf, openMade } from "../media/output/made-file.ts";
import { crashPoint } from "../observe/crash.ts";
import { outageOf, StoreAway, saysAway, Unanswered, unanswered } from "./store-away.ts";

const TRIES = 6;
const PARTS_AT_ONCE = 3;

/** Timeout of one PUT in milliseconds: a minute, plus the time at 2 Mbit/s. */
const patience = (size: number) => 60_000 + Math.ceil(size / 250);

/** The URL was refused: a fresh one may be accepted. */
class Expired extends Error {}

async function putOnce(url: string, body: Blob, type: string | null, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, {
    method: "PUT",
    body,
    headers: type === null ? {} : { "content-type": type },
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience(body.size))]),
  }).catch(unanswered);
  await answer.body?.cancel();
  const etag = answer.headers.get("etag");
  if (answer.ok && etag) return etag;
  const said = `PUT answered ${answer.status}`;
  if (saysAway(answer.status)) throw new Unanswered(said);
  throw answer.status === 403 ? new Expired(said) : new Error(said);
}

/**
 * PUTs until it is accepted; `fresh` returns the URL again (a renewed one after a refusal). Throws
 * `transcoder.upload_failed`, which is a `StoreAway` where the object store stayed away.
 */
async function put(
  fresh: (expired: boolean) => Promise<string>,
  body: Blob,
  type: string | null,
  signal: AbortSignal,
): Promise<string> {
  let expired = false;
  let tries = 0;
  const outage = outageOf();
  while (true) {
    try {
      return await putOnce(await fresh(expired), body, type, signal);
    } catch (error) {
      signal.throwIfAborted();
      expired = error instanceof Expired;
      const lost = ["object was not taken", { cause: error }] as const;
      if (error instanceof Unanswered) {
        if (await outage.wait(signal)) continue;
        throw new StoreAway("transcoder.upload_failed", ...lost);
      }
      tries += 1;
      if (tries >= TRIES) throw new MediaFailure("transcoder.upload_failed", ...lost);
      await sleep(Math.random() * Math.min(8000, 200 * 2 ** tries), undefined, { signal });
    }
  }
}

const typeOf = (name: string) =>
  name.endsWith(".mp4") ? "video/mp4" : name.endsWith(".jpg") ? "image/jpeg" : "text/vtt; charset=utf-8";

export type Outputs = {
  /**
   * Uploads `body` (bytes, or the path of a file that FFmpeg made) under a granted name; requests the grant
   * where the claim holds none.
   */
  put(name: string, body: Uint8Array | string): Promise<{ name: string; size: number; etag: string }>;
  /** Uploads a possibly large file that FFmpeg made as multipart; the API completes it and reads the ETag. */
  putLarge(name: string, path: string): Promise<PlainObject>;
};

/** How further grants are requested: by a progress report that lists the needed outputs. */
type Asking = {
  signal: AbortSignal;
  report(extra: {
    want: { name: string; size: number | null; uploadId: string | null }[];
  }): Promise<{ outputs: OutputGrant[] }>;
};

const isSingle = (grant: OutputGrant): grant is SingleGrant => "url" in grant;

/**
 * Outputs of one attempt: starts with the claim's grants and requests more by name through the progress
 * report.
 */
export function outputsOf(granted: OutputGrant[], { report, signal }: Asking): Outputs {
  const single = new Map(granted.filter(isSingle).map((grant) => [grant.name, grant]));

  const wanted = async (
    name: string,
    size: number | null,
    uploadId: string | null = null,
  ): Promise<OutputGrant> => {
    const answer = await report({ want: [{ name, size, uploadId }] });
    for (const grant of answer.outputs.filter(isSingle)) single.set(grant.name, grant);
    const grant = answer.outputs.find((output) => output.name === name);
    if (!grant) throw new MediaFailure("transcoder.upload_failed", `no grant for ${name}`);
    return grant;
  };

  const singleUrl = async (name: string, expired: boolean): Promise<string> => {
    const known = expired ? undefined : single.get(name);
    const grant = known ?? (await wanted(name, null));
    if (!isSingle(grant)) throw new MediaFailure("transcoder.upload_failed", `multipart grant for ${name}`);
    return grant.url;
  };

  const putWhole = async (name: string, body: Blob) => {
    const etag = await put((expired) => singleUrl(name, expired), body, typeOf(name), signal);
    return { name, size: body.size, etag };
  };

  const putFile = async (name: string, path: string) => {
    await using file = await openMade(path);
    return await putWhole(name, await blobOf(file, path));
  };

  return {
    put: async (name, body) => {
      const done = await (typeof body === "string"
        ? putFile(name, body)
        : putWhole(name, new Blob([Buffer.from(body)])));
      crashPoint("after_put");
      return done;
    },
    putLarge: async (name, path) => {
      await using file = await openMade(path);
      const blob = await blobOf(file, path);
      const { size } = blob;
      const begun = await wanted(name, size);
      if (isSingle(begun)) return { ...(await putWhole(name, blob)), uploadId: null };
      const partUrl = partUrlsOf(begun, (uploadId) => wanted(name, size, uploadId));
      const waiting = begun.parts.map(({ partNumber }) => partNumber);
      const lane = async () => {
        for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
          const from = (number - 1) * begun.partSize;
          const part = blob.slice(from, from + begun.partSize);
          await put(partUrl(number), part, null, signal);
        }
      };
      await Promise.all(Array.from({ length: PARTS_AT_ONCE }, lane));
      return { name, size, etag: null, uploadId: begun.uploadId };
    },
  };
}

/**
 * The URL of a part of an upload, for each time it is sent: the latest one, and a fresh one after that URL
 * was refused. The URLs of all parts expire at the same time: one request renews them.
 */
function partUrlsOf(begun: MultipartGrant, renew: (uploadId: string) => Promise<OutputGrant>) {
  let grant = begun;
  let renewing: Promise<void> | null = null;

  async function renewed(): Promise<void> {
    const fresh = await renew(grant.uploadId);
    if (isSingle(fresh) || fresh.uploadId !== grant.uploadId)
      throw new MediaFailure("transcoder.upload_failed", `another upload granted for ${grant.name}`);
    grant = fresh;
  }

  return (number: number) => {
    let used: MultipartGrant | null = null;
    return async (expired: boolean): Promise<string> => {
      if (expired && used === grant) {
        renewing ??= renewed().finally(() => {
          renewing = null;
        });
        await renewing;
      }
      used = grant;
      const part = grant.parts.find(({ partNumber }) => partNumber === number);
      if (!part) throw new MediaFailure("transcoder.upload_failed", `no URL for part ${number}`);
      return part.url;
    };
  };
}
