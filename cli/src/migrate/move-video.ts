/** Moves one video: imports it where it is not there yet, and adds the captions that are missing. */
import { randomUUID } from "node:crypto";
import { type Client, expectData, type Schemas, UploadRefusedError, type Video } from "@storagex/client";
import type { Session } from "../session.ts";
import { waitForVideo } from "../wait-for-video.ts";
import { reasonFor, throwIfOver } from "./over.ts";
import type { Found, Source, Track } from "./platform.ts";

export type Outcome = "imported" | "there" | "failed" | "would import";
export type Moved = {
  externalId: string;
  title: string;
  outcome: Outcome;
  /** Of the video here. */
  id?: string;
  source?: Source["kind"];
  /** Why it failed. */
  reason?: string;
  /** Captions that could not be added, and why. */
  incomplete?: string[];
};

export type Moving = {
  session: Session;
  signal: AbortSignal;
  platform: string;
  isDryRun: boolean;
  /** Until it is encoded, not only stored. */
  isWatching: boolean;
  /** Added to each. */
  tags: string[];
  visibility: "private" | "public" | undefined;
  onProgress(video: Video): void;
};

/** Rejects only where no other video would fare better. */
export async function moveVideo(found: Found, moving: Moving): Promise<Moved> {
  const { session, platform, isDryRun } = moving;
  const externalId = `${platform}:${found.id}`;
  const moved: Moved = { externalId, title: found.title, outcome: "failed" };
  try {
    const there = await videoBy(externalId, session.client);
    if (there) moved.id = there.id;
    const isLost = there !== undefined && wasNeverStored(there);
    const isNew = there === undefined || isLost;
    if (isNew && found.obstacle) throw new Error(found.obstacle);
    if (isDryRun) return { ...moved, outcome: isNew ? "would import" : "there" };
    // Nothing is lost with it, and its address may have ended.
    if (isLost) await remove(there.id, session.client);
    if (isNew) moved.id = await importFound(found, externalId, moving, moved);
    const video = await settled(moved.id ?? "", moving);
    if (video.status === "failed") throw new UploadRefusedError(video);
    const incomplete = await addTracks(found, video, moving);
    return {
      ...{ ...moved, outcome: isNew ? "imported" : "there" },
      ...(incomplete.length > 0 && { incomplete }),
    };
  } catch (error) {
    throwIfOver(error, moving.signal);
    return { ...moved, reason: reasonFor(error) };
  }
}

async function videoBy(externalId: string, client: Client): Promise<Schemas["Video"] | undefined> {
  const query = { externalId, limit: 1 };
  return expectData(await client.GET("/v1/videos", { params: { query } })).items[0];
}

const wasNeverStored = ({ status, error }: Schemas["Video"]): boolean =>
  status === "failed" && error?.code.startsWith("import.") === true;

async function remove(id: string, client: Client): Promise<void> {
  const { response, error } = await client.DELETE("/v1/videos/{id}", { params: { path: { id } } });
  if (!response.ok && response.status !== 404) expectData({ response, error });
}

/** Begins the import; returns the id of the video. */
async function importFound(
  found: Found,
  externalId: string,
  { session, tags, visibility }: Moving,
  moved: Moved,
): Promise<string> {
  const fields = await found.fields();
  const { url, filename, kind } = await found.source();
  moved.source = kind;
  const body = {
    ...{ ...fields, url, filename, externalId },
    tags: [...new Set([...tags, ...(fields.tags ?? [])])].slice(0, MAX_TAGS),
    ...(visibility && { visibility }),
  };
  // A call that is sent again makes no second video.
  const params = { header: { "Idempotency-Key": randomUUID() } };
  return expectData(await session.client.POST("/v1/videos/import", { params, body })).id;
}

/** The most that a video has. */
const MAX_TAGS = 20;

/** The video once its source is stored, or also encoded, or it has failed. */
function settled(id: string, { session, signal, isWatching, onProgress }: Moving): Promise<Video> {
  const isStored = ({ status }: Video) => (isWatching ? false : status !== "pending_upload");
  return waitForVideo(session, id, signal, onProgress, isStored);
}

/** Adds the captions that the video does not have; returns what could not be added. */
async function addTracks(found: Found, video: Video, { session, signal }: Moving): Promise<string[]> {
  const nameOf = ({ language, label }: Pick<Track, "label"> & { language: string | null }) =>
    `${(language ?? "").toLowerCase()} ${label}`;
  const there = new Set(video.captions.map(nameOf));
  const failed: string[] = [];
  const attempt = async (what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      throwIfOver(error, signal);
      failed.push(`${what}: ${reasonFor(error)}`);
    }
  };
  await attempt("captions", async () => {
    for (const track of await found.tracks()) {
      if (there.has(nameOf(track))) continue;
      await attempt(`captions ${track.language}`, () => addTrack(track, video.id, session.client));
    }
  });
  return failed;
}

async function addTrack({ content, ...track }: Track, id: string, client: Client): Promise<void> {
  const params = { path: { id }, header: { "Idempotency-Key": randomUUID() } };
  const body = { ...track, content: await content() };
  expectData(await client.POST("/v1/videos/{id}/captions", { params, body }));
}
