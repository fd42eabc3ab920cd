/**
 * Files in FFmpeg's folder: a compromised decoder may put anything there under the name that the worker reads
 * next.
 */
import { existsSync, openAsBlob } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { MediaFailure } from "../failure.ts";

/** Non-blocking, so that a pipe in the file's place cannot block the worker. */
const PLAIN_READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const BLOCK = 256 * 1024;
const OPEN_FILES = "/proc/self/fd";
const namesOpenFiles = existsSync(OPEN_FILES);

/**
 * Opens a file that FFmpeg made; later reads use this handle, whatever happens to the name. Throws
 * `transcoder.output_invalid` for anything else: a link, a second name of another file, a pipe.
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

/**
 * An open file for `fetch`, valid until it is closed; opened again by its name where open files have none
 * (macOS).
 */
export const blobOf = (file: FileHandle, path: string): Promise<Blob> =>
  openAsBlob(namesOpenFiles ? `${OPEN_FILES}/${file.fd}` : path);

/**
 * Creates a file of the worker in that folder. Rejects where the name exists: writing would follow a link.
 */
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
