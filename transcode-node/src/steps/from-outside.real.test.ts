/** Tools that are ended by something other than their file: never a fault of the file, at whichever step. */
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runTool } from "../media/run/ffmpeg.ts";
import { EndedFromOutside } from "../media/run/from-outside.ts";
import { ffprobe } from "../media/source/probe.ts";
import { probeScan } from "../media/source/scan.ts";
import { filmPlan } from "../testing/film-plan.ts";
import { toolThat } from "../testing/tool-that.ts";
import { assertRan } from "./result.ts";

const signal = AbortSignal.timeout(300_000);
const asked = async (tool: string) => {
  const tools = { ffprobe: tool, folder: tmpdir(), signal };
  return ffprobe(tools, [], "nothing", { seconds: 30, take: () => undefined });
};
const ran = async (tool: string) => {
  const limits = { wallSeconds: 30, memoryBytes: null, fileBytes: 2 ** 20 };
  assertRan(await runTool({ tool, args: [], limits, signal, stdout: "progress" }), null);
};

test.each([
  ["killed by the kernel after a complaint", "echo 'Invalid data found' >&2; kill -KILL $$"],
  ["asked to end", "kill -TERM $$"],
  ["not there", "exec /nowhere/ffmpeg"],
  ["without a thread", "echo 'pthread_create() failed: Resource temporarily unavailable' >&2; exit 1"],
  ["without memory", "echo 'nothing: Cannot allocate memory' >&2; exit 1"],
])("%s: neither ffprobe nor FFmpeg calls the file damaged", async (_, does) => {
  const tool = await toolThat(does);
  const crashed = { name: "MediaFailure", code: "transcoder.crashed" };
  await expect(asked(tool)).rejects.toMatchObject(crashed);
  await expect(ran(tool)).rejects.toMatchObject(crashed);
});

test("a complaint and an exit by itself are the file's", async () => {
  const tool = await toolThat("echo 'Invalid data found' >&2; exit 1");
  await expect(asked(tool)).rejects.toMatchObject({ code: "source.damaged" });
  await expect(ran(tool)).rejects.toMatchObject({ code: "source.damaged" });
});

test("a detector that was killed does not make a source progressive", async () => {
  const tools = { ffmpeg: await toolThat("kill -KILL $$"), folder: tmpdir(), signal };
  const source = { url: "nothing", facts: filmPlan(10).source, seekable: true };
  await expect(probeScan(tools, source, false)).rejects.toMatchObject({ code: "transcoder.crashed" });
});

test("FFmpeg that is sent SIGTERM ends by itself, and that is from outside", async () => {
  const args = "-nostdin -loglevel error -re -f lavfi -i testsrc2=rate=25 -f null -";
  const tool = await toolThat(`ffmpeg ${args} & sleep 1; kill -TERM $!; wait $!`);
  await expect(ran(tool)).rejects.toBeInstanceOf(EndedFromOutside);
});
