/** Signs what a claim or renewal grants a worker: one source to read, and this attempt's keys to write. */

import { attemptPrefix, outputName, sourceKey } from "@storagex/contract/keys";
import { audioRendition, defaultTrack } from "@storagex/contract/media/audio-tracks";
import { movieRung, overviewRung } from "@storagex/contract/media/ladder";
import type {
  LeftGrant,
  MediaGrant,
  MultipartGrant,
  OutputGrant,
  ReadGrant,
  SingleGrant,
  SourceGrant,
} from "@storagex/contract/tasks/grants";
import type { TaskKind } from "@storagex/contract/tasks/kinds";
import type { Plan } from "@storagex/contract/tasks/plan";
import type { ProgressRequest } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import type { StoredObject } from "../db/stored-object.ts";
import { HARD_LIMIT, URL_MARGIN } from "../lifecycle/limits.ts";
import { type Lifetime, signersOf } from "../storage/presign.ts";
import { storageOf } from "../storage/s3.ts";
import { samplesOf } from "./quality-samples.ts";

const MIB = 1024 * 1024;
/** Outputs granted in advance, whatever the source is. Workers request more by `want`. */
const PIECES_AHEAD = 4;
const POSTERS = 8;
const SHEETS = 8;
/** Number of earlier attempts whose results a claim may look for. */
const LEFT = 3;

/** The task attempt that gets the grants. */
export type Grantee = {
  ownerId: string;
  videoId: string;
  generation: number;
  taskId: string;
  attempt: number;
  kind: TaskKind;
  index: number;
  size: number;
  /** Bytes of each part but the last; null for rows of an earlier release, whose sources are one object. */
  partSize: number | null;
  /** Null while the source is not one object yet. */
  sourceEtag: string | null;
  mezzanine: StoredObject | null;
  mp4: StoredObject | null;
  /** The uploaded image of a poster's task; null where it takes a frame of the MP4. */
  posterImage: StoredObject | null;
  plan: Plan | null;
};

export const lifeOf = (kind: TaskKind): Lifetime => ({
  at: new Date(),
  expires: HARD_LIMIT[kind] + URL_MARGIN,
});
export const endOf = ({ at, expires }: Lifetime) => new Date(at.getTime() + expires * 1000).toISOString();

async function read(config: Config, object: StoredObject, life: Lifetime): Promise<ReadGrant> {
  const url = await signersOf(config).worker.get(object.key, life);
  return { url, etag: object.etag, size: object.size, expiresAt: endOf(life) };
}

/**
 * The source, or the remux that `plan` made of it; for a poster the image, or the MP4. Says so where the source
 * is not one object yet: `partGrants` has its parts.
 */
export async function sourceGrant(config: Config, grantee: Grantee): Promise<SourceGrant> {
  const { ownerId, videoId, size, partSize, sourceEtag, mezzanine, kind, posterImage, mp4 } = grantee;
  const made = kind === "plan" ? null : ((kind === "poster" ? (posterImage ?? mp4) : null) ?? mezzanine);
  const source = { key: sourceKey(ownerId, videoId), size, etag: sourceEtag ?? "" };
  const grant = await read(config, made ?? source, lifeOf(kind));
  return made || sourceEtag !== null || partSize === null ? grant : { ...grant, parts: { partSize } };
}

async function single(config: Config, grantee: Grantee, name: string): Promise<SingleGrant> {
  const life = lifeOf(grantee.kind);
  const url = await signersOf(config).worker.put(attemptPrefix(grantee) + name, life);
  return { name, url, expiresAt: endOf(life) };
}

type Want = { name: string; size: number; uploadId: string | null };

/**
 * A multipart upload for an output of `size` bytes: at most 200 parts, all equal but the last. For an upload
 * begun before, only the URLs are signed: the object store refuses them if the upload belongs to another key.
 */
async function multipart(
  config: Config,
  grantee: Grantee,
  { name, size, uploadId: begun }: Want,
): Promise<MultipartGrant> {
  const key = attemptPrefix(grantee) + name;
  const uploadId = begun ?? (await storageOf(config).createUpload(key));
  const partSize = Math.max(16 * MIB, Math.ceil(size / 200 / MIB) * MIB);
  const life = lifeOf(grantee.kind);
  const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1);
  const parts = await Promise.all(
    numbers.map(async (number) => {
      const length = Math.min(partSize, size - (number - 1) * partSize);
      const url = await signersOf(config).worker.part({ key, uploadId, number, length }, life);
      return { partNumber: number, url };
    }),
  );
  return { name, uploadId, partSize, parts, expiresAt: endOf(life) };
}

/** The outputs granted with a claim. */
export function firstOutputs(
  config: Config,
  grantee: Grantee & { pinnedPieces: number; hasPoster: boolean },
): Promise<SingleGrant[]> {
  const { kind, index, plan } = grantee;
  const names: string[] = [];
  if (kind === "encode") {
    for (const rung of plan?.rungs ?? []) names.push(outputName.chunk(rung.name, index));
    // The grant allows a poster and also requests one.
    if (!grantee.hasPoster) names.push(outputName.poster(0));
  }
  if (kind === "audio")
    for (let ahead = 0; ahead < PIECES_AHEAD; ahead += 1)
      names.push(outputName.audioPiece(index, grantee.pinnedPieces + ahead));
  if (kind === "finish") {
    for (let candidate = 0; candidate < POSTERS; candidate += 1) names.push(outputName.poster(candidate));
    for (let sheet = 0; sheet < SHEETS; sheet += 1) names.push(outputName.storyboard(sheet));
    // By text track number, because the worker names only tracks with content. It requests grants for
    // captions embedded in the frames by itself.
    for (const number of (plan?.source.text ?? []).keys()) names.push(outputName.captions(number));
  }
  if (kind === "poster") names.push(outputName.poster(0));
  names.push(outputName.result);
  return Promise.all(names.map((name) => single(config, grantee, name)));
}

/** Where the newest earlier attempts of this task would have left their results. */
export function leftResults(config: Config, grantee: Grantee): Promise<LeftGrant[]> {
  const earlier = Array.from(
    { length: Math.min(LEFT, grantee.attempt - 1) },
    (_, n) => grantee.attempt - 1 - n,
  );
  return Promise.all(
    earlier.map(async (attempt) => {
      const key = attemptPrefix({ ...grantee, attempt }) + outputName.result;
      return { attempt, url: await signersOf(config).worker.get(key, lifeOf(grantee.kind)) };
    }),
  );
}

/** The names that each kind of task may request: one plain path element, never another task's. */
const EXPECTED: Readonly<Record<TaskKind, RegExp>> = {
  plan: /^mezzanine\.mp4$/,
  encode: /^[a-z0-9-]{1,24}-\d{1,5}\.mp4$/,
  audio: /^audio-\d{1,3}-\d{1,6}\.mp4$/,
  finish: /^(video\.mp4|(poster|storyboard)-\d{1,4}\.jpg|captions-\d{1,3}\.vtt)$/,
  poster: /^poster-0\.jpg$/,
};

/**
 * Maximum size that a worker may request. A remux of the stored source, including the index of a long video,
 * is never this large.
 */
const maxBytes = (storedBytes: number) => 2 * storedBytes + 64 * MIB;

/** Grants for the requested outputs, without names that this kind of task does not write and absurd sizes. */
export function expectedOutputs(
  config: Config,
  grantee: Grantee & { storedBytes: number },
  want: ProgressRequest["want"],
): Promise<OutputGrant[]> {
  const allowed = want.filter(
    ({ name, size }) => EXPECTED[grantee.kind].test(name) && (size ?? 0) <= maxBytes(grantee.storedBytes),
  );
  return Promise.all(
    allowed.map(({ name, size, uploadId }) =>
      size === null ? single(config, grantee, name) : multipart(config, grantee, { name, size, uploadId }),
    ),
  );
}

const inputRow = z.object({
  rendition: z.string(),
  key: z.string(),
  size: z.coerce.number(),
  etag: z.string(),
  initLength: z.number(),
  initHash: z.string(),
  frames: z.number(),
});

/** The inputs of the MP4, posters and storyboard, in order, and those for measuring quality. */
export async function finishInputs(edge: Edge, grantee: Grantee & { plan: Plan }) {
  const { config, db } = edge;
  const rung = movieRung(grantee.plan.rungs);
  const small = overviewRung(grantee.plan.rungs);
  const track = audioRendition(defaultTrack(grantee.plan.source.audio));
  const rows = await query(
    db,
    sql`SELECT rendition, key, size, etag, init_length AS "initLength", init_hash AS "initHash", frames
      FROM media_objects
      WHERE video_id = ${grantee.videoId} AND generation = ${grantee.generation}::int
        AND rendition IN (${rung.name}, ${small.name}, ${track})
      ORDER BY rendition, index`,
    inputRow,
  );
  const life = lifeOf("finish");
  const of = (name: string): Promise<MediaGrant[]> =>
    Promise.all(
      rows
        .filter(({ rendition }) => rendition === name)
        .map(async ({ key, size, etag, rendition: _, ...piece }) => ({
          ...(await read(config, { key, size, etag }, life)),
          ...piece,
        })),
    );
  const video = await of(rung.name);
  const overview = small === rung ? video : await of(small.name);
  const audio = await of(track);
  // All chunks are stored, and each is one object of this rendition.
  const samples = await samplesOf(edge, { ...grantee, chunks: video.length }, (object) =>
    read(config, object, life),
  );
  return { video, audio, overview, samples, rung, duration: grantee.plan.source.duration };
}
