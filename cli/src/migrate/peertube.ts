/**
 * One's own videos on a PeerTube (https://docs.joinpeertube.org/api-rest-reference.html): the original where the server
 * keeps it, otherwise the best of its files.
 */
import { z } from "zod";
import { filenameFor, fit, fitTrack } from "./fit.ts";
import { type PeerTubeAccount, peertubeLogin } from "./peertube-login.ts";
import { type Fields, type Found, type Platform, type Source, type Track, unreadable } from "./platform.ts";
import { flaw, type PlatformApi, PlatformError, platformApi } from "./platform-api.ts";
import type { Fetch } from "./polite-fetch.ts";

/** The most that PeerTube gives. */
const PAGE = 100;
/** Published, being moved between its stores, or failed after the upload (VideoState): there is a file. */
const WITH_FILE = new Set([1, 6, 7, 8, 10, 11]);

const namedValue = z
  .object({ id: z.union([z.number(), z.string()]).nullable(), label: z.string() })
  .nullish();
const listedSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  isLive: z.boolean().optional(),
  state: z.object({ id: z.number(), label: z.string() }).nullish(),
});
const fileSchema = z.object({
  id: z.number(),
  resolution: z.object({ id: z.number() }),
  fileUrl: z.string().nullish(),
  fileDownloadUrl: z.string().nullish(),
  /** Older servers do not say it: their files have both. */
  hasAudio: z.boolean().default(true),
  hasVideo: z.boolean().default(true),
});
type File = z.infer<typeof fileSchema>;
const detailSchema = listedSchema.extend({
  description: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  createdAt: z.string(),
  publishedAt: z.string().nullish(),
  originallyPublishedAt: z.string().nullish(),
  category: namedValue,
  licence: namedValue,
  language: namedValue,
  privacy: namedValue,
  channel: z.object({ name: z.string() }).nullish(),
  files: z.array(fileSchema).default([]),
  streamingPlaylists: z.array(z.object({ files: z.array(fileSchema).default([]) })).default([]),
});
type Detail = z.infer<typeof detailSchema>;

const pageSchema = z.object({ total: z.number(), data: z.array(z.unknown()) });
const namedSchema = z.object({ uuid: z.string() });
const originalSchema = z.object({
  inputFilename: z.string().nullish(),
  fileDownloadUrl: z.string().nullish(),
});
const fileTokenSchema = z.object({ files: z.object({ token: z.string() }) });
const chaptersSchema = z.object({
  chapters: z.array(z.object({ timecode: z.number(), title: z.string() })),
});
const captionsSchema = z.object({
  data: z.array(
    z.object({
      language: z.object({ id: z.string(), label: z.string().optional() }),
      /** Since 7.1; `captionPath` before. */
      fileUrl: z.string().nullish(),
      captionPath: z.string().nullish(),
    }),
  ),
});
const reasonSchema = z
  .object({ detail: z.string().optional(), error: z.string().optional() })
  .transform(({ detail, error }) => detail ?? error ?? "")
  .pipe(z.string().min(1));

export function peertubePlatform(account: PeerTubeAccount, fetch: Fetch, signal: AbortSignal): Platform {
  const api = platformApi({
    ...{ platform: "PeerTube", base: account.url, fetch, signal, reason: reasonSchema },
    ...peertubeLogin(account, fetch),
  });
  return { name: "peertube", videos: () => videos(api) };
}

/** Oldest first: what is added meanwhile comes last. */
async function* videos(api: PlatformApi): AsyncGenerator<Found> {
  for (let start = 0; ; ) {
    const query = `start=${start}&count=${PAGE}&sort=createdAt`;
    const { total, data } = await api.json(`/api/v1/users/me/videos?${query}`, pageSchema);
    for (const item of data) yield foundIn(item, api);
    start += data.length;
    if (data.length === 0 || start >= total) return;
  }
}

function foundIn(item: unknown, api: PlatformApi): Found {
  const { data: listed, error } = listedSchema.safeParse(item);
  if (error) return unreadable(namedSchema.safeParse(item).data?.uuid ?? "?", flaw(error));
  const { uuid: id, name: title, isLive, state } = listed;
  const path = `/api/v1/videos/${encodeURIComponent(id)}`;
  const hasFile = !state || WITH_FILE.has(state.id);
  const obstacle = isLive ? "it is live" : hasFile ? undefined : `it is not ready: ${state.label}`;
  let detail: Promise<Detail> | undefined;
  const read = () => (detail ??= api.json(path, detailSchema));
  return {
    ...{ id, title, ...(obstacle && { obstacle }) },
    fields: async () => fieldsOf(await read(), path, api),
    source: async () => sourceOf(await read(), path, api),
    tracks: () => tracksOf(path, api),
  };
}

async function fieldsOf(video: Detail, path: string, api: PlatformApi): Promise<Fields> {
  const { name, description, tags, createdAt, publishedAt, originallyPublishedAt } = video;
  // Older servers have no chapters.
  const { chapters } = (await ifThere(api.json(`${path}/chapters`, chaptersSchema))) ?? { chapters: [] };
  return fit({
    ...{ title: name, description, tags },
    chapters: chapters.map(({ timecode, title }) => ({ start: timecode, title })),
    metadata: {
      ...{ createdAt, publishedAt, originallyPublishedAt },
      category: video.category?.label,
      licence: video.licence?.label,
      language: video.language?.label,
      privacy: video.privacy?.label,
      channel: video.channel?.name,
    },
  });
}

async function sourceOf(video: Detail, path: string, api: PlatformApi): Promise<Source> {
  const original = await ifThere(api.json(`${path}/source`, originalSchema));
  // What is not public, and every original, is given to who brings a token of the video (since PeerTube 5).
  const given = await ifThere(api.json(`${path}/token`, fileTokenSchema, { method: "POST" }));
  const withToken = (address: string) => {
    const url = new URL(address, api.base);
    const isOurs = url.origin === new URL(api.base).origin;
    if (given && isOurs) url.searchParams.set("videoFileToken", given.files.token);
    return url.href;
  };
  if (original?.fileDownloadUrl) {
    const filename = original.inputFilename || filenameFor(video.name, video.uuid, "mp4");
    return { url: withToken(original.fileDownloadUrl), filename, kind: "original" };
  }
  const address = bestFile(video);
  if (!address) throw new PlatformError("PeerTube has no file of it");
  return { url: withToken(address), filename: filenameFor(video.name, video.uuid, "mp4"), kind: "mp4" };
}

function bestFile({ uuid, ...video }: Detail): string | undefined {
  const files = [...video.files, ...video.streamingPlaylists.flatMap(({ files }) => files)];
  const worth = ({ resolution, hasAudio }: File) => resolution.id + (hasAudio ? 0.5 : 0);
  const [best] = files.filter(({ hasVideo }) => hasVideo).sort((a, b) => worth(b) - worth(a));
  const audio = files.find(({ hasVideo, hasAudio }) => hasAudio && !hasVideo);
  // Audio in a file of its own: PeerTube joins both.
  if (best && !best.hasAudio && audio)
    return `/download/videos/generate/${uuid}?videoFileIds=${best.id}&videoFileIds=${audio.id}`;
  return best?.fileDownloadUrl ?? best?.fileUrl ?? undefined;
}

async function tracksOf(path: string, api: PlatformApi): Promise<Track[]> {
  const { data } = await api.json(`${path}/captions`, captionsSchema);
  return data.map(({ language, fileUrl, captionPath }) => ({
    ...fitTrack(language.id, language.label),
    content: async () => {
      const address = fileUrl ?? captionPath;
      if (!address) throw new PlatformError("PeerTube names no file of them");
      return api.text(new URL(address, api.base).href);
    },
  }));
}

/** undefined where there is no such thing (404). */
const ifThere = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof PlatformError && error.status === 404) return undefined;
    throw error;
  });
