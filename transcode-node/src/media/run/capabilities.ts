/**
 * The start-up check through fluent-ffmpeg: whether this FFmpeg is new enough and has what our commands use.
 */
import { FFMPEG_ENCODERS, FFMPEG_FILTERS, isOldRelease } from "@storagex/contract/media/ffmpeg";
import ffmpeg from "fluent-ffmpeg";
import { runTool } from "./ffmpeg.ts";

/**
 * Encoders that are used where they exist. Hardware is not checked by name: it is tested (encoders/prove.ts).
 */
const EXTRA_ENCODERS = ["libsvtav1"] as const;

export type Capabilities = {
  /** As `-version` prints it, e.g. `5.1.9-0+deb12u1`. */
  version: string;
  /** Optional encoders that are available. */
  extra: string[];
};

const INSTALL =
  "Install FFmpeg 5.1 or newer: `apt install ffmpeg` (Debian, Ubuntu), `dnf install ffmpeg` (Fedora with RPM Fusion), " +
  "`brew install ffmpeg` (macOS), or set FFMPEG_PATH and FFPROBE_PATH.";

const LIMITS = { wallSeconds: 20, memoryBytes: 2 ** 31, fileBytes: 2 ** 20 };

async function versionOf(tool: string): Promise<string> {
  let said = "";
  const stdout = (bytes: Buffer) => {
    said += bytes.toString("utf8");
  };
  const signal = AbortSignal.timeout(LIMITS.wallSeconds * 1000);
  // The error below says why it does not run.
  await runTool({ tool, args: ["-version"], limits: LIMITS, signal, stdout }).catch(() => null);
  const version = /^(?:ffmpeg|ffprobe) version (\S+)/.exec(said)?.[1];
  if (!version) throw new Error(`${tool} does not run. ${INSTALL}`);
  return version;
}

const names = <T>(
  ask: (take: (error: Error | null, found: Record<string, T>) => void) => void,
): Promise<Set<string>> =>
  new Promise((resolve, reject) => {
    ask((error, found) => (error ? reject(error) : resolve(new Set(Object.keys(found)))));
  });

/** Checks both tools. Throws one error that names everything that is missing and how to install it. */
export async function checkCapabilities(tools: { ffmpeg: string; ffprobe: string }): Promise<Capabilities> {
  const [version] = await Promise.all([versionOf(tools.ffmpeg), versionOf(tools.ffprobe)]);
  if (isOldRelease(version)) throw new Error(`FFmpeg ${version} is too old. ${INSTALL}`);
  const command = ffmpeg().setFfmpegPath(tools.ffmpeg).setFfprobePath(tools.ffprobe);
  const encoders = await names((take) => command.getAvailableEncoders(take));
  const filters = await names((take) => command.getAvailableFilters(take));
  const missing = [
    ...FFMPEG_ENCODERS.filter((name) => !encoders.has(name)).map((name) => `encoder ${name}`),
    ...FFMPEG_FILTERS.filter((name) => !filters.has(name)).map((name) => `filter ${name}`),
  ];
  if (missing.length > 0) throw new Error(`FFmpeg ${version} lacks ${missing.join(", ")}. ${INSTALL}`);
  return { version, extra: EXTRA_ENCODERS.filter((name) => encoders.has(name)) };
}

/** Whether the tool can encode AV1; checked only where a video requests it. */
export async function canEncodeAv1(tool: string): Promise<boolean> {
  const command = ffmpeg().setFfmpegPath(tool);
  return (await names((take) => command.getAvailableEncoders(take))).has("libsvtav1");
}
