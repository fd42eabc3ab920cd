/**
 * Whether a file stores the fields of interlaced H.264 as separate packets, as a broadcast remuxed into MP4
 * does.
 */
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import { z } from "zod";
import type { SourceProbe } from "../index/facts.ts";
import { ffprobe, videoStream } from "./probe.ts";

/** Frames a second above which the rate may be a field rate. */
const MAX_FRAMES = 31;
/** Min packets that prove it, and seconds to read for them. */
const MIN_PACKETS = 10;
const SECONDS = 1;
const ANSWER_SECONDS = 60;

const countedSchema = jsonTextSchema.pipe(
  z.object({
    streams: z.tuple([z.object({ nb_read_packets: z.coerce.number(), nb_read_frames: z.coerce.number() })]),
  }),
);

/**
 * Packets and decoded frames of the first `span` (ffprobe's `-read_intervals`) of the video stream; zeros
 * where they cannot be counted. Throws like `ffprobe`.
 */
export async function countBoth(
  { probed, tools, url }: SourceProbe,
  span: string,
): Promise<{ packets: number; frames: number }> {
  let answer = "";
  const ask = [
    ...["-select_streams", String(videoStream(probed)?.index ?? 0), "-read_intervals", `%+${span}`],
    ...["-count_packets", "-count_frames", "-show_entries", "stream=nb_read_packets,nb_read_frames"],
    ...["-of", "json"],
  ];
  await ffprobe(tools, ask, url, {
    seconds: ANSWER_SECONDS,
    take: (text) => {
      answer += text;
    },
  });
  const counted = countedSchema.safeParse(answer).data?.streams[0];
  return { packets: counted?.nb_read_packets ?? 0, frames: counted?.nb_read_frames ?? 0 };
}

/** True where two packets make one frame. Throws like `ffprobe`. */
export async function countsFields(work: SourceProbe): Promise<boolean> {
  const stream = videoStream(work.probed);
  const [num = 0, den = 1] = (stream?.avg_frame_rate ?? "").split("/").map(Number);
  if (stream?.codec_name !== "h264" || stream.field_order === "progressive" || !(num / den > MAX_FRAMES))
    return false;
  const { packets, frames } = await countBoth(work, String(SECONDS));
  // A decoder may withhold a frame or two at the end.
  return packets >= MIN_PACKETS && Math.abs(packets - 2 * frames) <= 4;
}
