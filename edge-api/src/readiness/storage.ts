/** Checks of the bucket for `/readyz`: our keys, its clock, that it verifies signatures, and CORS. */
import { isLoopback } from "@storagex/contract/settings/settings";
import type { Config } from "../config.ts";
import { signersOf } from "../storage/presign.ts";
import { Missing, requireSameClock } from "./missing.ts";

/** A key that we never write: a readable bucket answers 404, any other 403. */
const PROBE_KEY = "readyz/none";

/** Sends a signed GET for an object that does not exist. Throws `Missing` with the store's objection. */
export async function checkBucket(config: Config, limitMs: number): Promise<void> {
  const url = await signersOf(config).worker.get(PROBE_KEY, { at: new Date(), expires: 60 });
  const answer = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
  const date = Date.parse(answer.headers.get("date") ?? "");
  const code = /<Code>(\w{1,60})<\/Code>/.exec((await answer.text()).slice(0, 4_000))?.[1];
  if (!Number.isNaN(date)) requireSameClock("storage", date / 1_000);
  if (code === "NoSuchBucket") throw new Missing(`there is no bucket ${config.S3_BUCKET}`);
  if (answer.status !== 404) {
    throw new Missing(
      `the bucket answers ${answer.status}${code ? ` ${code}` : ""}: look at S3_* and the key's rights`,
    );
  }
}

/**
 * Sends a part upload with a copy header that its signed URL does not cover. S3 refuses such headers;
 * CVE-2026-54330 is about object stores that do not. If the header is obeyed, anybody with a part URL can
 * copy any object of the bucket into their own upload. Neither that upload id nor that key exists, so nothing
 * is written in any case. Throws `Missing`.
 */
export async function checkSigning(config: Config, limitMs: number): Promise<void> {
  const part = { key: PROBE_KEY, uploadId: "none", number: 1, length: 1 };
  const url = await signersOf(config).worker.part(part, { at: new Date(), expires: 60 });
  const answer = await fetch(url, {
    method: "PUT",
    body: "0",
    headers: { "x-amz-copy-source": `${config.S3_BUCKET}/${PROBE_KEY}` },
    signal: AbortSignal.timeout(limitMs),
  });
  const words = (await answer.text()).slice(0, 4_000);
  // S3 answers 403, Garage 400 with the header's name, an object store that cannot copy parts 501.
  if ([403, 501].includes(answer.status) || (answer.status === 400 && /signed/i.test(words))) return;
  throw new Missing(
    `the store does not refuse x-amz-* headers that are not signed (it answers ${answer.status}, not 403), so that an ` +
      "upload could read any object: update it (docs/operations.md, Which store, says to what), or accept the risk where " +
      "you trust every account with STORAGEX_INSECURE_STORAGE=1",
  );
}

/**
 * Checks CORS as a browser on our pages meets it. If the public URL is a loopback or does not answer, only
 * browsers may be able to reach it (in a container it leads nowhere): then the internal URL of the same
 * bucket is checked.
 */
export async function checkCors(config: Config, limitMs: number): Promise<void> {
  const life = { at: new Date(), expires: 60 };
  const { browser, worker } = signersOf(config);
  if (!isLoopback(new URL(config.S3_PUBLIC_ENDPOINT).hostname)) {
    try {
      return await askCors(await browser.get(PROBE_KEY, life), config.publicOrigin, limitMs);
    } catch (error) {
      if (error instanceof Missing) throw error;
    }
  }
  await askCors(await worker.get(PROBE_KEY, life), config.publicOrigin, limitMs);
}

/**
 * Whether pages of any site may read signed URLs: embedded players do not need it, players that other sites
 * write themselves do. Without an answer it counts as so.
 */
export async function isReadAnywhere(config: Config, limitMs: number): Promise<boolean> {
  const url = await signersOf(config).worker.get(PROBE_KEY, { at: new Date(), expires: 60 });
  const headers = { origin: "https://elsewhere.example" };
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(limitMs) });
    await answer.body?.cancel();
    return answer.headers.has("access-control-allow-origin");
  } catch {
    return true;
  }
}

/** Sends the preflight for a PUT, and checks that the ETag of a response may be read. */
async function askCors(url: string, origin: string, limitMs: number): Promise<void> {
  const ask = async (method: string, headers: Record<string, string>): Promise<Headers> => {
    const signal = AbortSignal.timeout(limitMs / 2);
    const answer = await fetch(url, { method, headers: { origin, ...headers }, signal });
    await answer.body?.cancel();
    if (!["*", origin].includes(answer.headers.get("access-control-allow-origin") ?? "")) {
      throw new Missing(`the bucket's CORS does not allow ${origin}`);
    }
    return answer.headers;
  };
  const preflight = await ask("OPTIONS", {
    "access-control-request-method": "PUT",
    "access-control-request-headers": "content-type",
  });
  if (!listed(preflight, "access-control-allow-methods").includes("put")) {
    throw new Missing("the bucket's CORS does not allow PUT");
  }
  const exposed = listed(await ask("GET", {}), "access-control-expose-headers");
  if (!exposed.includes("etag") && !exposed.includes("*")) {
    throw new Missing("the bucket's CORS does not expose ETag: uploads would hang at 100 %");
  }
}

function listed(headers: Headers, name: string): string[] {
  return (headers.get(name) ?? "").split(",").map((item) => item.trim().toLowerCase());
}
