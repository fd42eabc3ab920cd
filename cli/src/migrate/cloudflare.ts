/**
 * Videos of a Cloudflare Stream account (https://developers.cloudflare.com/api/resources/stream/). Originals are not given
 * back there: an MP4 of each is made, and imported.
 */
import { z } from "zod";
import { filenameFor, fit, fitTrack } from "./fit.ts";
import { type Found, type Platform, type Source, type Track, unreadable } from "./platform.ts";
import { flaw, type PlatformApi, PlatformError, platformApi } from "./platform-api.ts";
import type { Fetch } from "./polite-fetch.ts";

/** The most that Cloudflare gives. */
const PAGE = 1_000;
/** A token lives for 24 hours at most; clocks differ. Seconds. */
const TOKEN_SECONDS = 23 * 3_600;

const videoSchema = z.object({
  uid: z.string(),
  created: z.string(),
  creator: z.string().nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
  readyToStream: z.boolean().optional(),
  requireSignedURLs: z.boolean().optional(),
  status: z.object({ state: z.string().optional(), errorReasonText: z.string().optional() }).nullish(),
});
type Video = z.infer<typeof videoSchema>;

const downloadSchema = z.object({ status: z.string(), url: z.string() });
const downloadsSchema = z.object({ result: z.object({ default: downloadSchema.optional() }) });
const captionsSchema = z.object({
  result: z.array(
    z.object({ language: z.string(), label: z.string().optional(), status: z.string().optional() }),
  ),
});
const tokenSchema = z.object({ result: z.object({ token: z.string() }) });
const pageSchema = z.object({ result: z.array(z.unknown()) });
const namedSchema = z.object({ uid: z.string(), created: z.string().optional() });
const reasonSchema = z
  .object({ errors: z.array(z.object({ message: z.string() })).min(1) })
  .transform(({ errors }) => errors.map(({ message }) => message).join("; "));

export type CloudflareAccount = { accountId: string; apiToken: string; apiUrl: string };

export function cloudflarePlatform(
  { accountId, apiToken, apiUrl }: CloudflareAccount,
  fetch: Fetch,
  signal: AbortSignal,
): Platform {
  const api = platformApi({
    ...{ platform: "Cloudflare", fetch, signal, reason: reasonSchema },
    base: `${apiUrl.replace(/\/+$/, "")}/accounts/${encodeURIComponent(accountId)}/stream`,
    authorization: async () => `Bearer ${apiToken}`,
  });
  return { name: "cloudflare", videos: () => videos(api) };
}

/** Newest first: each page lies before the oldest video of the one before. */
async function* videos(api: PlatformApi): AsyncGenerator<Found> {
  const known = new Set<string>();
  let before = "";
  for (;;) {
    const { result } = await api.json(`?limit=${PAGE}${before}`, pageSchema);
    const named = result.map((item) => ({ item, ...namedSchema.safeParse(item).data }));
    const fresh = named.filter(({ uid }) => uid === undefined || !known.has(uid));
    for (const { item, uid = "?" } of fresh) {
      known.add(uid);
      yield foundIn(item, uid, api);
    }
    const oldest = Math.min(...named.map(({ created }) => Date.parse(created ?? "")).filter(Number.isFinite));
    if (fresh.length === 0 || !Number.isFinite(oldest)) return;
    // Finer than milliseconds there: the oldest comes again, and none beside it is lost.
    before = `&before=${encodeURIComponent(new Date(oldest + 1).toISOString())}`;
  }
}

function foundIn(item: unknown, uid: string, api: PlatformApi): Found {
  const { data: video, error } = videoSchema.safeParse(item);
  if (error) return unreadable(uid, flaw(error));
  const { created, creator, status } = video;
  const meta = Object.entries(video.meta ?? {}).filter((pair): pair is [string, string] => {
    return typeof pair[1] === "string";
  });
  const { name, ...others } = Object.fromEntries(meta);
  const title = name || uid;
  const state = status?.errorReasonText ?? status?.state ?? "not ready";
  return {
    ...{ id: uid, title, ...(!video.readyToStream && { obstacle: `it is not ready: ${state}` }) },
    fields: async () =>
      fit({ title, metadata: { createdAt: created, cloudflareCreator: creator, ...others } }),
    source: () => sourceOf(video, title, api),
    tracks: () => tracksOf(uid, api),
  };
}

/** Lets Cloudflare make the MP4, where it has none, and waits for it. */
async function sourceOf(video: Video, title: string, api: PlatformApi): Promise<Source> {
  const path = `/${encodeURIComponent(video.uid)}`;
  await api.json(`${path}/downloads`, downloadsSchema, { method: "POST" });
  const url = await api.poll(async () => {
    const download = (await api.json(`${path}/downloads`, downloadsSchema)).result.default;
    if (download?.status === "error") throw new PlatformError("Cloudflare could not make its MP4");
    return download?.status === "ready" ? download.url : undefined;
  });
  const filename = filenameFor(title, video.uid, "mp4");
  if (!video.requireSignedURLs) return { url, filename, kind: "mp4" };
  // As for watching: the token stands in the place of the id.
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_SECONDS;
  const json = { downloadable: true, exp };
  const { token } = (await api.json(`${path}/token`, tokenSchema, { method: "POST", json })).result;
  return { url: url.replace(`/${video.uid}/`, `/${token}/`), filename, kind: "mp4" };
}

async function tracksOf(uid: string, api: PlatformApi): Promise<Track[]> {
  const path = `/${encodeURIComponent(uid)}/captions`;
  const { result } = await api.json(path, captionsSchema);
  return result
    .filter(({ status = "ready" }) => status === "ready")
    .map(({ language, label }) => ({
      ...fitTrack(language, label),
      content: () => api.text(`${api.base}${path}/${encodeURIComponent(language)}/vtt`),
    }));
}
