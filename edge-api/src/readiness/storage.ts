/** What `/readyz` asks of the bucket: that our keys open it, that its clock is right, and that browsers may use it. */
import type { Config } from "../config.ts";
import { signersOf } from "../storage/presign.ts";
import { Missing, requireSameClock } from "./missing.ts";

/** No object of ours: a bucket we may read says 404, one we may not 403. */
const PROBE_KEY = "readyz/none";
const LOOPBACK = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/;

/** A signed GET of an object that is not there. Throws `Missing` with what the store objects to. */
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

/** What a browser on our pages would ask before a PUT, and whether it may read the ETag after. */
export async function checkCors(config: Config, limitMs: number): Promise<void> {
  const origin = config.publicOrigin;
  // A loopback address means the browser's machine; from a container of ours it leads nowhere.
  const endpoint = LOOPBACK.test(config.S3_PUBLIC_ENDPOINT) ? config.S3_ENDPOINT : config.S3_PUBLIC_ENDPOINT;
  const url = `${endpoint}/${config.S3_BUCKET}/${PROBE_KEY}`;
  const preflight = await fetch(url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "PUT",
      "access-control-request-headers": "content-type",
    },
    signal: AbortSignal.timeout(limitMs),
  });
  await preflight.body?.cancel();
  const list = (answer: Response, name: string) =>
    (answer.headers.get(name) ?? "").split(",").map((item) => item.trim().toLowerCase());
  const lets = (answer: Response) =>
    ["*", origin].includes(answer.headers.get("access-control-allow-origin") ?? "");
  if (!lets(preflight)) throw new Missing(`the bucket's CORS does not allow ${origin}`);
  if (!list(preflight, "access-control-allow-methods").includes("put")) {
    throw new Missing("the bucket's CORS does not allow PUT");
  }
  const read = await fetch(url, { headers: { origin }, signal: AbortSignal.timeout(limitMs) });
  await read.body?.cancel();
  const exposed = list(read, "access-control-expose-headers");
  if (!lets(read) || !(exposed.includes("etag") || exposed.includes("*"))) {
    throw new Missing("the bucket's CORS does not expose ETag: uploads would hang at 100 %");
  }
}
