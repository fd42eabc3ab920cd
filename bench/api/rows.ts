/**
 * Writes rows of completed videos as a worker's reports would have left them; nobody reads their objects from
 * the object store.
 */
import { randomBytes } from "node:crypto";
import type { Plan } from "@storagex/contract/tasks/plan";
import type { Segment } from "@storagex/contract/tasks/report";
import type pg from "pg";

const RATE = { num: 25, den: 1 };
const SEGMENT_SECONDS = 4;
const CHUNK_SECONDS = 20;
const RUNGS = [
  { name: "720p", width: 1280, height: 720, maxrate: 3_000_000 },
  { name: "480p", width: 854, height: 480, maxrate: 1_500_000 },
  { name: "360p", width: 640, height: 360, maxrate: 800_000 },
];

const object = (key: string, size: number) => ({ key, size, etag: randomBytes(16).toString("hex") });

function planOf(seconds: number): Plan {
  const rung = { codec: "h264" as const, crf: 22 };
  return {
    source: {
      ...{ container: "mov", codec: "h264", width: 1280, height: 720, duration: seconds, frameRate: RATE },
      ...{ variableFrameRate: false, bitDepth: 8, interlaced: false, hdr: null, bitrate: 5_000_000 },
      ...{ decoders: ["h264", "aac"], videoStream: 0, text: [] },
      audio: [{ stream: 0, codec: "aac", channels: 2, language: "en", label: null, default: true }],
    },
    grid: {
      rate: RATE,
      segmentFrames: SEGMENT_SECONDS * RATE.num,
      totalFrames: seconds * RATE.num,
      preRoll: 1,
    },
    rungs: RUNGS.map((size) => ({ ...rung, ...size })),
    preset: "veryfast",
    audioPieceSeconds: CHUNK_SECONDS,
    mezzanine: null,
  };
}

function segmentsOf(timescale: number): Segment[] {
  const length = 1_200_000;
  return Array.from({ length: CHUNK_SECONDS / SEGMENT_SECONDS }, (_, index) => ({
    offset: 900 + index * length,
    length,
    duration: SEGMENT_SECONDS * timescale,
  }));
}

/** A completed video of `seconds` (a multiple of 20) with six posters and captions. Returns its id. */
export async function completedVideo(database: pg.Client, ownerId: string, seconds: number): Promise<string> {
  const id = randomBytes(16).toString("base64url");
  const prefix = `processed/${ownerId}/${id}/1`;
  const renditions = RUNGS.map(({ name, maxrate }) => ({
    name,
    size: 9_000_000,
    bitrate: maxrate,
    ssim: 0.98,
  }));
  await database.query(
    `INSERT INTO videos (id, owner_id, title, filename, size, status, generation, plan, duration, width, height, mp4, posters,
       captions, quality, loudness, stored_bytes, queued_at, completed_at)
     VALUES ($1, $2, 'A summer by the sea', 'IMG_2041.mov', 180000000, 'completed', 1, $3, $4, 1280, 720, $5, $6, $7, $8,
       '{"0": -16.2}', 250000000, now(), now())`,
    [
      id,
      ownerId,
      JSON.stringify(planOf(seconds)),
      seconds,
      JSON.stringify(object(`${prefix}/video.mp4`, 150_000_000)),
      JSON.stringify(Array.from({ length: 6 }, (_, n) => object(`${prefix}/poster-${n}.jpg`, 80_000))),
      JSON.stringify([
        { ...object(`${prefix}/captions/en.vtt`, 9_000), id: "en", language: "en", label: "English" },
      ]),
      JSON.stringify({ renditions }),
    ],
  );
  const lists = [...RUNGS.map(({ name }) => name), "audio-0"];
  const objects = lists.flatMap((rendition) => {
    const isAudio = rendition.startsWith("audio");
    const timescale = isAudio ? 48_000 : 12_800;
    return Array.from({ length: seconds / CHUNK_SECONDS }, (_, index) => ({
      ...{ rendition, index, timescale, key: `${prefix}/${rendition}/${index}.1.mp4`, initHash: rendition },
      codecs: isAudio ? "mp4a.40.2" : "avc1.64001f",
      frames: isAudio ? Math.round((CHUNK_SECONDS * 48_000) / 1024) : CHUNK_SECONDS * RATE.num,
      segments: segmentsOf(timescale),
    }));
  });
  await database.query(
    `INSERT INTO media_objects (video_id, generation, rendition, index, attempt, key, size, etag, init_length, init_hash, codecs,
       timescale, segments, frames)
     SELECT $1, 1, rendition, index, 1, key, 6000900, 'etag', 900, "initHash", codecs, timescale, segments, frames
     FROM jsonb_to_recordset($2) AS made(rendition text, index int, key text, "initHash" text, codecs text, timescale int,
       segments jsonb, frames int)`,
    [id, JSON.stringify(objects)],
  );
  return id;
}
