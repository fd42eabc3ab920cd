/** A program that replaces FFmpeg or ffprobe in a test. */
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs the lines of shell `does`; where FFmpeg's own user may run it. Returns its path. */
export async function toolThat(does: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-tool-"));
  await chmod(folder, 0o755);
  const path = join(folder, "tool");
  await writeFile(path, `#!/bin/sh\n${does}\n`, { mode: 0o755 });
  return path;
}
