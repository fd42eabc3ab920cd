/**
 * Videos of a Mux environment (https://www.mux.com/docs/api-reference/video/assets): the master where Mux gives it,
 * otherwise its best MP4.
 */
import { z } from "zod";
import { filenameFor, fit, fitTrack } from "./fit.ts";
import { type Found, type Platform, type Source, type Track, unreadable } from "./platform.ts";
import { flaw, type PlatformApi, PlatformError, platformApi } from "./platform-api.ts";
import type { Fetch } from "./polite-fetch.ts";

/** The most that Mux gives. */
const PAGE = 100;

const fileSchema = z.object({
  name: z.string(),
  ext: z.string().optional(),
  height: z.number().optional(),
  /** Renditions made the older way (`mp4_support`) have none of their own. */
  status: z.string().optional(),
});
const trackSchema = z.object({
  id: z.string(),
  type: z.string(),
  text_type: z.string().optional(),
  language_code: z.string().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
});
const assetSchema = z.object({
  id: z.string(),
  status: z.string(),
  /** Seconds since 1970. */
  created_at: z.coerce.number(),
  is_live: z.boolean().optional(),
  passthrough: z.string().optional(),
  meta: z
    .object({
      title: z.string().nullish(),
      creator_id: z.string().nullish(),
      external_id: z.string().nullish(),
    })
    .nullish(),
  playback_ids: z.array(z.object({ id: z.string(), policy: z.string() })).default([]),
  master: z.object({ status: z.string().optional(), url: z.string().optional() }).optional(),
  static_renditions: z
    .object({ status: z.string().optional(), files: z.array(fileSchema).default([]) })
    .optional(),
  tracks: z.array(trackSchema).default([]),
});
type Asset = z.infer<typeof assetSchema>;

const assetAnswerSchema = z.object({ data: assetSchema });
const pageSchema = z.object({ data: z.array(z.unknown()), next_cursor: z.string().nullish() });
const namedSchema = z.object({ id: z.string() });
const reasonSchema = z
  .object({ error: z.object({ messages: z.array(z.string()).min(1) }) })
  .transform(({ error }) => error.messages.join("; "));

export type MuxAccount = { tokenId: string; tokenSecret: string; apiUrl: string; streamUrl: string };

export function muxPlatform(account: MuxAccount, fetch: Fetch, signal: AbortSignal): Platform {
  const { tokenId, tokenSecret, apiUrl, streamUrl } = account;
  const authorization = `Basic ${Buffer.from(`${tokenId}:${tokenSecret}`).toString("base64")}`;
  const api = platformApi({
    ...{ platform: "Mux", base: apiUrl, fetch, signal, reason: reasonSchema },
    authorization: async () => authorization,
  });
  return { name: "mux", videos: () => assets(api, streamUrl.replace(/\/+$/, "")) };
}

async function* assets(api: PlatformApi, stream: string): AsyncGenerator<Found> {
  let cursor: string | null | undefined;
  for (let page = 1; ; page += 1) {
    const place = cursor ? `cursor=${encodeURIComponent(cursor)}` : `page=${page}`;
    const answer = await api.json(`/video/v1/assets?limit=${PAGE}&${place}`, pageSchema);
    for (const item of answer.data) yield foundIn(item, api, stream);
    cursor = answer.next_cursor;
    // Without cursors a page that is not full is the last one.
    const mayGoOn = cursor === undefined ? answer.data.length >= PAGE : cursor !== null;
    if (!mayGoOn) return;
  }
}

function foundIn(item: unknown, api: PlatformApi, stream: string): Found {
  const { data: asset, error } = assetSchema.safeParse(item);
  if (error) return unreadable(namedSchema.safeParse(item).data?.id ?? "?", flaw(error));
  const { id, meta, passthrough, created_at } = asset;
  const title = meta?.title || passthrough || id;
  const obstacle = asset.is_live
    ? "it is live"
    : asset.status === "ready"
      ? undefined
      : `it is ${asset.status}`;
  return {
    ...{ id, title, ...(obstacle && { obstacle }) },
    fields: async () =>
      fit({
        title,
        metadata: {
          createdAt: new Date(created_at * 1_000).toISOString(),
          muxPassthrough: passthrough,
          muxCreatorId: meta?.creator_id,
          muxExternalId: meta?.external_id,
        },
      }),
    source: () => sourceOf(asset, title, api, stream),
    tracks: async () => tracksOf(asset, api, stream),
  };
}

async function sourceOf(asset: Asset, title: string, api: PlatformApi, stream: string): Promise<Source> {
  const filename = filenameFor(title, asset.id, "mp4");
  const master = await masterOf(asset, api).catch((error: unknown) => {
    // A token that may only read cannot ask for it.
    if (error instanceof PlatformError) return error;
    throw error;
  });
  if (typeof master === "string") return { url: master, filename, kind: "original" };
  const url = bestMp4(asset, stream);
  if (url) return { url, filename, kind: "mp4" };
  throw new PlatformError(`Mux gives neither its master (${master.message}) nor a public MP4`);
}

/** The address of the master, for 24 hours; Mux prepares it when it is asked. */
async function masterOf({ id }: Asset, api: PlatformApi): Promise<string> {
  const path = `/video/v1/assets/${encodeURIComponent(id)}`;
  const json = { master_access: "temporary" };
  await api.json(`${path}/master-access`, assetAnswerSchema, { method: "PUT", json });
  return api.poll(async () => {
    const { master } = (await api.json(path, assetAnswerSchema)).data;
    if (master?.status === "errored") throw new PlatformError("Mux could not prepare it");
    return master?.status === "ready" ? master.url : undefined;
  });
}

/** Heights of renditions that do not say theirs, by their names. */
const LEGACY: Record<string, number> = { "low.mp4": 1, "medium.mp4": 2, "high.mp4": 3 };

function bestMp4({ static_renditions: renditions, ...asset }: Asset, stream: string): string | undefined {
  const playback = publicId(asset.playback_ids);
  const ready = (renditions?.files ?? [])
    .filter(({ name, status }) => name.endsWith(".mp4") && (status ?? renditions?.status) === "ready")
    .sort((a, b) => (b.height ?? LEGACY[b.name] ?? 0) - (a.height ?? LEGACY[a.name] ?? 0));
  const best = ready[0];
  return playback && best && `${stream}/${playback}/${best.name}`;
}

const publicId = (ids: Asset["playback_ids"]): string | undefined =>
  ids.find(({ policy }) => policy === "public")?.id;

function tracksOf({ tracks, playback_ids }: Asset, api: PlatformApi, stream: string): Track[] {
  const playback = publicId(playback_ids);
  return tracks
    .filter(({ type, text_type, status = "ready" }) => {
      return type === "text" && text_type === "subtitles" && status === "ready";
    })
    .map(({ id, language_code = "und", name }) => ({
      ...fitTrack(language_code, name),
      content: async () => {
        if (!playback) throw new PlatformError("the asset has no public playback id to read them by");
        return api.text(`${stream}/${playback}/text/${id}.vtt`);
      },
    }));
}
