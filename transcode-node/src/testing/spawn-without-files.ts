/** A process that uses up its file descriptors, then runs a tool: prints how that ended, and lives on. */
import { closeSync, openSync } from "node:fs";
import { runTool } from "../media/run/ffmpeg.ts";

const signal = AbortSignal.timeout(300_000);
const limits = { wallSeconds: 10, memoryBytes: null, fileBytes: 2 ** 20 };
const run = () => runTool({ tool: "/bin/true", args: [], limits, signal, stdout: "progress" });
await run();
let last = 0;
try {
  for (;;) last = openSync("/dev/null", "r");
} catch {
  // One is enough to look for a free user, and too few for pipes.
  closeSync(last);
}
const end = await run().then(
  () => "ran",
  (error: NodeJS.ErrnoException) => error.code,
);
setTimeout(() => process.stdout.write(`${end}\n`), 50);
