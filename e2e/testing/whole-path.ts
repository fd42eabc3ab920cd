/**
 * One file through the whole path: ticket, parts, `complete`, broker, worker, playback. The public API
 * reports the result.
 */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { PlayablePlayback } from "@storagex/contract/videos/playback";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { ended, expectJson, type Person, playback, putParts, ticket, until } from "./account.ts";

/** What the tests of one subject share: a user signed in to a running stack. */
export type Stage = {
  person(): Person;
  /** The stack's origin. */
  url(): string;
};

/** `playback` is null where the video failed. */
export type Outcome = { video: VideoDetail; playback: PlayablePlayback | null };

type Naming = { filename?: string; contentType?: string };

/** Uploads the file at `path` and waits until it is `completed` or `failed`, at most `seconds`. */
export async function wholePath(
  { person }: Stage,
  path: string,
  { filename = basename(path), contentType = "video/mp4" }: Naming = {},
  seconds = 240,
): Promise<Outcome> {
  const owner = person();
  const granted = await ticket(owner, filename, (await stat(path)).size, contentType);
  await putParts(owner, granted, path);
  const { id } = granted.video;
  await expectJson(await owner.call("POST", `/v1/videos/${id}/complete`, {}), 200);
  const video = await until(owner, id, ended, seconds);
  return { video, playback: video.status === "completed" ? await playback(owner, id) : null };
}

/** Like `wholePath`, for a file that must be completed: throws with the reason where it is not. */
export async function completed(
  stage: Stage,
  path: string,
  naming: Naming = {},
): Promise<{ video: VideoDetail; playback: PlayablePlayback & { mp4: string } }> {
  const { video, playback: shown } = await wholePath(stage, path, naming);
  if (!shown) throw new Error(`${basename(path)}: ${video.error?.code} ${video.error?.message}`);
  const { mp4 } = shown;
  if (mp4 === null) throw new Error(`${basename(path)}: completed without an MP4`);
  return { video, playback: { ...shown, mp4 } };
}
