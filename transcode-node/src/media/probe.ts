/** ffprobe on a source through the loopback proxy, its JSON read strictly. */
import { z } from "zod";
import { MediaFailure } from "../steps/step.ts";
import { fences } from "./args.ts";
import { ALL_DECODERS } from "./decoders.ts";
import { runTool } from "./ffmpeg.ts";

const text = z.string();
const numeric = z.coerce.number();

const sideDataSchema = z.object({ side_data_type: text.optional(), rotation: numeric.optional() });

const streamSchema = z.object({
  index: z.number().int(),
  codec_type: text.optional(),
  codec_name: text.optional(),
  profile: text.optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  sample_aspect_ratio: text.optional(),
  pix_fmt: text.optional(),
  color_space: text.optional(),
  color_transfer: text.optional(),
  field_order: text.optional(),
  r_frame_rate: text.optional(),
  avg_frame_rate: text.optional(),
  start_time: numeric.optional(),
  duration: numeric.optional(),
  bit_rate: numeric.optional(),
  nb_frames: numeric.optional(),
  channels: z.number().int().optional(),
  disposition: z.object({ default: z.number(), attached_pic: z.number() }).partial().default({}),
  tags: z.record(z.string(), text).default({}),
  side_data_list: z.array(sideDataSchema).default([]),
});
export type ProbedStream = z.infer<typeof streamSchema>;

const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({
    format_name: text,
    start_time: numeric.optional(),
    duration: numeric.optional(),
    bit_rate: numeric.optional(),
  }),
});
export type Probed = z.infer<typeof probeSchema>;

const LIMITS = { wallSeconds: 120, memoryBytes: 2 * 2 ** 30, fileBytes: 2 ** 20 };
/** Characters of ffprobe's answer: a file with thousands of streams must not fill our memory. */
const MAX_ANSWER = 8 * 2 ** 20;

export type ProbeTools = { ffprobe: string; signal: AbortSignal };

/** Runs ffprobe with `args` on `url` and gives its stdout. Throws `source.damaged` where it cannot read the file. */
export async function ffprobe(tools: ProbeTools, args: string[], url: string): Promise<string> {
  let answer = "";
  const run = await runTool({
    tool: tools.ffprobe,
    args: ["-hide_banner", "-loglevel", "error", ...fences(ALL_DECODERS), ...args, url],
    limits: LIMITS,
    signal: tools.signal,
    stdout: (bytes) => {
      if (answer.length < MAX_ANSWER) answer += bytes.toString("utf8");
    },
  });
  if (run.code !== 0 || answer.length >= MAX_ANSWER) {
    throw new MediaFailure("source.damaged", `ffprobe ended with ${run.code ?? run.killedBy}: ${run.stderr}`);
  }
  return answer;
}

/** Streams and container of the file at `url`. Throws `source.damaged` where ffprobe finds no sense in it. */
export async function probe(tools: ProbeTools, url: string): Promise<Probed> {
  const answer = await ffprobe(tools, ["-show_streams", "-show_format", "-of", "json"], url);
  try {
    return probeSchema.parse(JSON.parse(answer));
  } catch (error) {
    throw new MediaFailure("source.damaged", "ffprobe's answer makes no sense", { cause: error });
  }
}
