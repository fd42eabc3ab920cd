/** Converts rows to the API's representation of a video. */
import { defaultTrack, trackNames } from "@storagex/contract/media/audio-tracks";
import { noteMessages } from "@storagex/contract/media/note";
import { uniqueNames } from "@storagex/contract/text/unique-names";
import type { PosterChange } from "@storagex/contract/videos/poster";
import { qualityOf } from "@storagex/contract/videos/profile";
import type {
  AdminVideo,
  AudioTrackInfo,
  LinkedVideo,
  Video,
  VideoDetail,
  VideoPage,
} from "@storagex/contract/videos/video";
import type { Config } from "../config.ts";
import { MEDIA_CACHE, mediaLife, type Span, spanAt } from "../storage/media-life.ts";
import { signersOf } from "../storage/presign.ts";
import type { Page } from "./list.ts";
import { processingOf, progressOf, renditionsOf } from "./progress.ts";
import type { ShownRow, VideoRow, WorkRow } from "./rows.ts";

/** A signed URL of an image, the same for a whole window. */
function imageUrl(config: Config, key: string, span: Span): Promise<string> {
  return signersOf(config).browser.get(key, mediaLife(config, span), {
    "response-cache-control": MEDIA_CACHE,
    "response-content-type": "image/jpeg",
  });
}

/** By row, because rows of videos in a final state are shared by all that read them. `issued` as in `Span`. */
const shown = new WeakMap<ShownRow, { config: Config; issued: number; video: Video }>();

/** The video as lists and events show it. It is shared as long as the row and its URLs are: nobody may change it. */
export async function toVideo(config: Config, row: ShownRow): Promise<Video> {
  const span = spanAt(config, row.duration ?? 0, Date.now());
  const before = shown.get(row);
  if (before?.config === config && before.issued === span.issued) return before.video;
  const video = await present(config, row, span);
  shown.set(row, { config, issued: span.issued, video });
  return video;
}

async function present(config: Config, row: ShownRow, span: Span): Promise<Video> {
  const { errorCode, errorMessage, poster } = row;
  return {
    id: row.id,
    ownerId: row.ownerId,
    title: row.title,
    filename: row.filename,
    size: row.size,
    tags: row.tags,
    externalId: row.externalId,
    visibility: row.visibility,
    publicDownload: row.publicDownload,
    origin: row.origin,
    import: row.import,
    status: row.status,
    progress: progressOf(row),
    uploaded: row.uploaded,
    queuePosition: row.queuePosition,
    playable: row.playable,
    poster: poster && (await imageUrl(config, poster.key, span)),
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" },
    duration: row.duration,
    width: row.width,
    height: row.height,
    renditions: renditionsOf(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    completedAt: row.completedAt,
    seq: row.seq,
    revision: row.revision,
  };
}

const shownPages = new WeakMap<Page, VideoPage>();

/** The page as lists show it; the same object as long as its videos are the same. */
export async function toVideoPage(config: Config, page: Page): Promise<VideoPage> {
  const items = await Promise.all(page.rows.map((row) => toVideo(config, row)));
  const before = shownPages.get(page);
  if (before && items.every((item, n) => item === before.items[n])) return before;
  const made = { items, nextCursor: page.nextCursor };
  shownPages.set(page, made);
  return made;
}

export async function toAdminVideo(config: Config, row: ShownRow): Promise<AdminVideo> {
  return { ...(await toVideo(config, row)), owner: { id: row.ownerId, email: row.ownerEmail } };
}

const inThousandths = (value: number) => Math.round(value * 1000) / 1000;

function audioTracksOf({ audio, loudness }: VideoRow): AudioTrackInfo[] {
  const tracks = audio ?? [];
  const names = uniqueNames(trackNames(tracks));
  const chosen = defaultTrack(tracks);
  return tracks.map(({ codec, channels, language }, index) => ({
    name: names[index] ?? "",
    codec,
    channels,
    language,
    default: index === chosen,
    loudness: loudness[index] ?? null,
  }));
}

function posterChangeOf({ posterChange }: VideoRow): PosterChange | null {
  if (!posterChange || posterChange.state === "done") return null;
  return { state: posterChange.state, error: posterChange.error ?? null };
}

/** For whoever has uploaded it by a link: without what is its owner's. */
export function withoutOwner(video: VideoDetail): LinkedVideo {
  const { ownerId: _owner, tags: _tags, externalId: _id, metadata: _pairs, ...rest } = video;
  return rest;
}

/** As `shown`, by row. */
const shownDetails = new WeakMap<WorkRow, { config: Config; issued: number; video: VideoDetail }>();

/** The video as its own page shows it. Shared like that of `toVideo`. */
export async function toVideoDetail(config: Config, row: WorkRow): Promise<VideoDetail> {
  const span = spanAt(config, row.duration ?? 0, Date.now());
  const before = shownDetails.get(row);
  if (before?.config === config && before.issued === span.issued) return before.video;
  const video = await presentDetail(config, row, span);
  shownDetails.set(row, { config, issued: span.issued, video });
  return video;
}

async function presentDetail(config: Config, row: WorkRow, span: Span): Promise<VideoDetail> {
  const { grid, quality, sourceCodec, profile } = row;
  const gridRate = grid ? inThousandths(grid.rate.num / grid.rate.den) : null;
  const sign = ({ key }: { key: string }) => imageUrl(config, key, span);
  return {
    ...(await toVideo(config, row)),
    description: row.description,
    metadata: row.metadata,
    chapters: row.chapters,
    views: row.views,
    source:
      sourceCodec === null || gridRate === null
        ? null
        : {
            codec: sourceCodec,
            // A plan of an earlier release only knows the renditions' rate.
            frameRate: row.sourceFrameRate ? inThousandths(row.sourceFrameRate) : gridRate,
            bitDepth: row.sourceBitDepth ?? 8,
            audio: (row.audio ?? []).map(({ codec, channels, language }) =>
              [codec, `${channels} ch`, language].filter(Boolean).join(" · "),
            ),
            audioTracks: audioTracksOf(row),
          },
    frameRate: gridRate,
    processing: processingOf(row),
    quality:
      row.status !== "completed" || !quality
        ? null
        : {
            renditions: quality.renditions.map(({ name, ssim }) => ({ name, ssim })),
            cpuSeconds: row.cpuSeconds,
            wallSeconds: row.wallSeconds,
          },
    posters: await Promise.all(
      row.posters.map(async (poster, index) => ({ index, url: await sign(poster) })),
    ),
    posterIndex: row.posterIndex,
    posterChange: posterChangeOf(row),
    captions: row.captions.map(({ id, language, label }) => ({ id, language, label })),
    notes: noteMessages(row.notes),
    profile: { quality: qualityOf(profile), av1: profile.av1 },
  };
}
