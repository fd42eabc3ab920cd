/** What `storagex doctor` looks at, from this machine. */
import { expectData, uploadFile } from "@storagex/client";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { waitForVideo } from "../wait-for-video.ts";
import { within } from "../within.ts";
import { sampleVideo } from "./sample.ts";

/** Resolves with what was found; rejects where that is wrong. */
export type Check = { name: string; run(session: Session, signal: AbortSignal): Promise<string> };

/** Signed URLs and webhooks end by the clock. */
const MAX_SKEW_SECONDS = 60;
/** A second of video takes seconds; a long queue, more. */
const ENCODED_WITHIN_MS = 10 * 60_000;

type Readiness = { status: string; parts: Record<string, { ok: boolean }> };

export const CHECKS: Check[] = [
  {
    name: "address",
    async run({ url }, signal) {
      const answer = await fetch(`${url}/healthz`, { signal });
      if (!answer.ok) throw new CommandError(`${url}/healthz answered ${answer.status}`);
      return `${url} answers`;
    },
  },
  {
    name: "services",
    async run({ url }, signal) {
      const answer = await fetch(`${url}/readyz`, { signal });
      const { status, parts } = (await answer.json()) as Readiness;
      const bad = Object.entries(parts).filter(([, { ok }]) => !ok);
      if (bad.length > 0)
        throw new CommandError(bad.map(([name, found]) => `${name}: ${JSON.stringify(found)}`).join("; "));
      return `${status}: ${Object.keys(parts).join(", ")}`;
    },
  },
  {
    name: "clock",
    async run({ url }, signal) {
      const answer = await fetch(`${url}/healthz`, { signal });
      const there = Date.parse(answer.headers.get("date") ?? "");
      if (Number.isNaN(there)) return "the server sent no Date header";
      const seconds = Math.round(Math.abs(Date.now() - there) / 1000);
      if (seconds > MAX_SKEW_SECONDS)
        throw new CommandError(`this machine and the server are ${seconds} s apart: set the clock`);
      return `${seconds} s from the server's`;
    },
  },
  {
    name: "key",
    async run({ client }, signal) {
      const { email } = expectData(await client.GET("/v1/me", { signal }));
      return `is ${email}'s`;
    },
  },
  {
    name: "workers",
    async run({ client }, signal) {
      const answer = await client.GET("/v1/admin/workers", { signal });
      if (answer.response.status === 403) return "skipped: the key lacks the scope admin";
      const live = expectData(answer).items.filter(({ state }) => state === "live");
      if (live.length === 0) throw new CommandError("no worker is live: nothing is encoded");
      return `${live.length} live: ${live.map(({ name }) => name).join(", ")}`;
    },
  },
];

/** A second of video through everything: storage, broker, worker, playlist. It is deleted again. */
export const DEEP_CHECK: Check = {
  name: "video",
  async run(session, signal) {
    const began = Date.now();
    let id: string | undefined;
    try {
      await within(ENCODED_WITHIN_MS, signal, async (limit) => {
        const title = `storagex doctor ${new Date().toISOString()}`;
        const onProgress = ({ videoId }: { videoId: string }) => {
          id = videoId;
        };
        const options = { filename: "doctor.mp4", title, onProgress, signal: limit };
        const sent = await uploadFile(session.client, sampleVideo(), options);
        const video = await waitForVideo(session, sent.id, limit, () => undefined);
        if (video.status === "failed")
          throw new CommandError(`it failed: ${video.error?.message}`, EXIT.videoFailed);
        await play(session, sent.id, limit);
      });
      return `uploaded, encoded and played in ${((Date.now() - began) / 1000).toFixed(1)} s`;
    } finally {
      // What goes wrong here has gone wrong above, too, or is gone already.
      if (id !== undefined)
        await session.client.DELETE("/v1/videos/{id}", { params: { path: { id } } }).catch(() => undefined);
    }
  },
};

/** Reads the playlists and the first bytes that they name, as a player does. */
async function play({ client }: Session, id: string, signal: AbortSignal): Promise<void> {
  const { hls } = expectData(
    await client.GET("/v1/videos/{id}/playback", { params: { path: { id } }, signal }),
  );
  const main = await read(hls ?? "", signal);
  const list = new URL(firstAddress(main), hls ?? "").href;
  const segment = new URL(firstAddress(await read(list, signal)), list).href;
  await read(segment, signal);
}

const firstAddress = (playlist: string): string =>
  playlist.split("\n").find((line) => line !== "" && !line.startsWith("#")) ?? "";

async function read(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new CommandError(`${new URL(url).origin} answered ${answer.status} to a player`);
  return answer.text();
}
