/** A file on this machine as a source; Node only. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { FileChangedError, type Source } from "./source.ts";

/** A path, a `file:` URL, or a stream that `fs.createReadStream` has made: it names its path, and is not read. */
export type FileOnDisk = string | URL | { path: string | Uint8Array };

/** The file at a path. Rejects where there is none. */
export async function pathSource(file: FileOnDisk, filename: string | undefined): Promise<Source> {
  const path = pathOf(file);
  const { size, mtimeMs, ...kind } = await stat(path).then((found) => ({
    size: found.size,
    mtimeMs: found.mtimeMs,
    isFile: found.isFile(),
  }));
  if (!kind.isFile) throw new TypeError(`${path} is no file`);
  return {
    filename: filename ?? basename(path),
    size,
    contentType: undefined,
    modified: mtimeMs,
    part: (from, to) => ({
      size: Math.min(to, size) - from,
      stream: () =>
        Readable.toWeb(createReadStream(path, { start: from, end: to - 1 })) as ReadableStream<Uint8Array>,
    }),
    async requireUnchanged() {
      const now = await stat(path).catch(() => undefined);
      if (now?.size !== size || now.mtimeMs !== mtimeMs)
        throw new FileChangedError(`${path} was changed while it was uploaded`);
    },
  };
}

function pathOf(file: FileOnDisk): string {
  if (typeof file === "string") return file;
  if (file instanceof URL) return fileURLToPath(file);
  return typeof file.path === "string" ? file.path : new TextDecoder().decode(file.path);
}
