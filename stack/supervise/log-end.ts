/** The end of a service's log, for the message that says why it ended. */
import { open } from "node:fs/promises";

const BYTES = 8_192;
const LINES = 25;

/** Returns the last 25 lines of a log, or a sentence that says that there is none. */
export async function logEnd(file: string): Promise<string> {
  try {
    await using log = await open(file);
    const { size } = await log.stat();
    const length = Math.min(size, BYTES);
    const { buffer } = await log.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString("utf8").trimEnd();
    return text === "" ? "(no output)" : text.split("\n").slice(-LINES).join("\n");
  } catch {
    return "(no output)";
  }
}
