/**
 * An encode that fails twice in the same way ends the video at the second try, with the reason: nobody waits
 * minutes for more of them. The worker's FFmpeg is the machine's own, except that it refuses one size.
 */
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, register, until, upload } from "./testing/account.ts";
import { bars, clipOf, H264 } from "./testing/media-clips.ts";
import { rowsOf } from "./testing/rows.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

/** A filter's option that only an encode of the refused size has. */
const REFUSED = { size: "222x124", option: "pad=222:124:" };
/** The address differs each time, as in FFmpeg's own lines. */
const says = `echo "[libx264 @ 0x$$] broken build: no such macroblock" >&2; exit 1`;

let folder: string;
let stack: RunningStack;
let ann: Person;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-ffmpeg-"));
  const { stdout } = await promisify(execFile)("sh", ["-c", "command -v ffmpeg"]);
  const script = `#!/bin/sh\ncase "$*" in *${REFUSED.option}*) ${says};; esac\nexec ${stdout.trim()} "$@"\n`;
  await writeFile(join(folder, "ffmpeg"), script, { mode: 0o755 });
  // FFmpeg runs as a user of its own, who must be able to start it.
  await chmod(folder, 0o755);
  const path = `${folder}:${process.env.PATH ?? ""}`;
  stack = await startStack({ STORAGEX_WORKERS: "1", PATH: path });
  ann = await register(() => stack.url);
});
afterAll(async () => {
  await stack?.dispose();
  await rm(folder, { recursive: true, force: true });
});

test("the video fails at the second try, and its reason names what failed", async () => {
  const [refused, fine] = await Promise.all(
    [REFUSED.size, "160x90"].map(async (size) =>
      upload(ann, await clipOf(`${size}.mp4`, [...bars(size, 25, 1), ...H264])),
    ),
  );
  const failed = await until(ann, refused ?? "", ended);
  expect(failed.error).toEqual({
    code: "transcoder.crashed",
    message: expect.stringMatching(/^The encoder failed at the video \(H\.264\) twice in the same way\./),
  });
  const tries = "SELECT attempt FROM tasks WHERE video_id = $1 AND kind = 'encode'";
  expect(await rowsOf(stack, tries, [refused])).toEqual([{ attempt: 2 }]);
  expect((await until(ann, fine ?? "", ended)).status).toBe("completed");
});
