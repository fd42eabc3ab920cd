/** Files in FFmpeg's folder: a decoder that was taken over may put anything there under the name that we read next. */
import { existsSync, openAsBlob } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { MediaFailure } from "../failure.ts";

/** A pipe in the file's place must not hold us up either. */
const PLAIN_READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const BLOCK = 256 * 1024;
const OPEN_FILES = "/proc/self/fd";
const namesOpenFiles = existsSync(OPEN_FILES);

/**
 * Opens a file that FFmpeg made; what is read afterwards is read through this handle, whatever becomes of the name. Throws
 * `transcoder.output_invalid` where something else stands there: a link, a second name of another file, a pipe.
 */
export async function openMade(path: string): Promise<FileHandle> {
  const no = (what: string) =>
    new MediaFailure("transcoder.output_invalid", `${basename(path)} is ${what}, not a file of its own`);
  const file = await open(path, PLAIN_READ).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ELOOP" ? no("a link") : error;
  });
  const stats = await file.stat();
  if (stats.isFile() && stats.nlink === 1) return file;
  await file.close();
  throw no(stats.isFile() ? "another file's second name" : "none");
}

/** An open file for `fetch`, of use until it is closed; by its name again where open files have none (macOS). */
export const blobOf = (file: FileHandle, path: string): Promise<Blob> =>
  openAsBlob(namesOpenFiles ? `${OPEN_FILES}/${file.fd}` : path);

/** Makes a file of ours in that folder. Rejects where anything has its name already: writing would follow a link. */
export const createBeside = (path: string): Promise<FileHandle> => open(path, "wx");

/** Up to `length` bytes from `at` on: fewer at the file's end. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** Bytes `from`–`to` (inclusive) in blocks. Throws where the file ends before. */
export async function* streamMade(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at <= to; ) {
    const bytes = await readAt(file, at, Math.min(BLOCK, to + 1 - at));
    if (bytes.length === 0) throw new Error(`file ended ${to + 1 - at} bytes early`);
    at += bytes.length;
    yield bytes;
  }
}
