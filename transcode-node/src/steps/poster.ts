/**
 * The poster step: the frame that an owner chose, taken from the MP4 like every poster, or an image that they
 * uploaded.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import { movieRung } from "@storagex/contract/media/ladder";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { frameArgs, type ImageFormat, imageArgs } from "../media/args/stills.ts";
import { MediaFailure } from "../media/failure.ts";
import { secondsAt } from "../media/plan/grid.ts";
import { endedFromOutside } from "../media/run/from-outside.ts";
import { readRange } from "../transfer/object-read.ts";
import { outputsOf } from "../transfer/outputs.ts";
import { openSourceProxy, type Transfer } from "../transfer/source-proxy.ts";
import { assertRan } from "./result.ts";
import type { StepContext } from "./step.ts";
import { type StepTools, stepToolsOf } from "./step-tools.ts";

/** Longer than any distance between two frames of the MP4, and than audio goes on after the last one. */
const LAST_SECONDS = 10;

/** Makes one poster. Throws `poster.…` where an uploaded image is unfit. */
export async function poster(lease: LeaseOf<"poster">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  await using proxy = await openSourceProxy(context.scratch, context.signal);
  const tools = stepToolsOf(lease, context, proxy, outputsOf(lease.outputs, context));
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const file = join(context.scratch, outputName.poster(0));
  if (lease.at === null) await fromImage(tools, { lease, source, file });
  else await fromFrame(tools, { lease, source, file, at: lease.at });
  const made = { ...(await tools.outputs.put(outputName.poster(0), file)), uploadId: null };
  context.progress(1, null);
  const wallSeconds = (performance.now() - began) / 1000;
  return { kind: "poster", poster: made, cpuSeconds: tools.cpu(), wallSeconds };
}

type Work = { lease: LeaseOf<"poster">; source: Transfer; file: string };

/** The frame that a player shows at `at`: the last one that begins by then. */
async function fromFrame(tools: StepTools, { lease, source, file, at }: Work & { at: number }) {
  const { rate } = lease.plan.grid;
  // A player's clock may be a rounding error before the frame that it shows.
  const frame = Math.floor((at * rate.num) / rate.den + 0.01);
  const from = Math.max(0, secondsAt(frame - 0.5, rate));
  assertRan(await tools.run(frameArgs(source.url, { from, file })), source);
  if (existsSync(file)) return;
  const last = { from: Math.max(0, at - LAST_SECONDS), untilEnd: true, file };
  assertRan(await tools.run(frameArgs(source.url, last)), source);
}

async function fromImage(tools: StepTools, { lease, source, file }: Work): Promise<void> {
  const { context } = tools;
  const head = await readRange(context.source, 0, Math.min(source.size, SIGNATURE_BYTES) - 1, context.signal);
  const format = formatOf(head);
  if (!format) throw new MediaFailure("poster.not_image", "unknown magic bytes");
  const { width, height } = movieRung(lease.plan.rungs);
  const run = await tools.run(imageArgs(source.url, { format, width, height, file }));
  if (/exceeds specified max pixel count|Picture size \d+x\d+ is invalid/.test(run.stderr))
    throw new MediaFailure("poster.image_too_large", run.stderr);
  if (source.failure || run.timedOut || run.killedBy || endedFromOutside(run)) assertRan(run, source);
  if (run.code !== 0 || !existsSync(file)) throw new MediaFailure("poster.image_damaged", run.stderr);
}

const SIGNATURE_BYTES = 8;

/** What the first bytes say (ITU-T T.81, annex B; PNG, section 5.2), whatever the uploader declared. */
function formatOf(head: Buffer): ImageFormat | null {
  const hex = head.toString("hex");
  if (hex.startsWith("ffd8ff")) return "jpeg";
  return hex === "89504e470d0a1a0a" ? "png" : null;
}
