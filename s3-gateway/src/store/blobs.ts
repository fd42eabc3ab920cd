/** Blobs: files of bytes under random names, complete and durable before a transaction may reference them. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";

/** A range of one blob: bytes `from` to `to`, both included. */
export interface Span {
  blob: string;
  from: number;
  to: number;
}

const writeBatch = 1024 ** 2;
const flushEvery = 64 * 1024 ** 2;

/** The folder of blobs. A name is never made from a key, so no key can reach another path. */
export class Blobs {
  #folder: string;
  #incoming: string;
  /** Number of responses that read each blob. A blob to be removed waits for them. */
  #readers = new Map<string, number>();
  #condemned = new Set<string>();

  private constructor(folder: string) {
    this.#folder = join(folder, "blobs");
    this.#incoming = join(folder, "incoming");
  }

  /**
   * Creates the folders, removes drafts, and removes every blob for which `isReferenced` is false. `onProgress` is
   * called with the folders that are done, before each.
   */
  static async open(
    folder: string,
    isReferenced: (blob: string) => boolean,
    onProgress: (folders: number, of: number) => void,
  ): Promise<Blobs> {
    const blobs = new Blobs(folder);
    await sweep(blobs.#incoming, () => false);
    for (let prefix = 0; prefix < 256; prefix++) {
      onProgress(prefix, 256);
      await sweep(join(blobs.#folder, prefix.toString(16).padStart(2, "0")), isReferenced);
    }
    await syncFolder(blobs.#folder);
    await syncFolder(folder);
    return blobs;
  }

  /** Writes a stream to a new blob and returns its name after file and folder are synced to disk. */
  async write(source: AsyncIterable<Buffer>): Promise<string> {
    const name = randomBytes(16).toString("hex");
    const draft = join(this.#incoming, name);
    try {
      const file = await open(draft, "wx", 0o600);
      try {
        await drain(source, file);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.#path(name));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await syncFolder(join(this.#path(name), ".."));
    return name;
  }

  /** Keeps the blobs of `spans` on the disk until the returned function is called. */
  hold(spans: Span[]): () => Promise<void> {
    for (const { blob } of spans) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return async () => {
      for (const { blob } of spans) {
        const left = (this.#readers.get(blob) ?? 1) - 1;
        if (left > 0) this.#readers.set(blob, left);
        else this.#readers.delete(blob);
      }
      await this.remove(spans.map(({ blob }) => blob).filter((blob) => this.#condemned.has(blob)));
    };
  }

  /** The bytes of the spans, one after the other. */
  async *read(spans: Span[]): AsyncGenerator<Buffer> {
    for (const { blob, from, to } of spans) {
      yield* createReadStream(this.#path(blob), { start: from, end: to, highWaterMark: writeBatch });
    }
  }

  /** Removes blobs that no row references; one that is being read goes after its last reader. */
  async remove(blobs: Iterable<string>): Promise<void> {
    for (const blob of new Set(blobs)) {
      if (this.#readers.has(blob)) this.#condemned.add(blob);
      else {
        this.#condemned.delete(blob);
        await rm(this.#path(blob), { force: true });
      }
    }
  }

  #path(name: string): string {
    return join(this.#folder, name.slice(0, 2), name);
  }
}

/**
 * Creates a folder of blobs, or removes those in it that are not to be kept; files with other names are not
 * ours.
 */
async function sweep(folder: string, isKept: (blob: string) => boolean): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    if (/^[0-9a-f]{32}$/.test(name) && !isKept(name)) await unlink(join(folder, name));
  }
}

type File = Awaited<ReturnType<typeof open>>;

/** Hashing of the next bytes overlaps the write of the last ones; early flushes keep the final one short. */
async function drain(source: AsyncIterable<Buffer>, file: File): Promise<void> {
  let batch: Buffer[] = [];
  let batched = 0;
  let unflushed = 0;
  let writing: Promise<unknown> = Promise.resolve();
  let flushing: Promise<unknown> = Promise.resolve();
  const flushBatch = async (): Promise<void> => {
    await writing;
    writing = writeAll(file, batch);
    writing.catch(() => undefined);
    unflushed += batched;
    batch = [];
    batched = 0;
    if (unflushed < flushEvery) return;
    await Promise.all([writing, flushing]);
    flushing = file.datasync();
    flushing.catch(() => undefined);
    unflushed = 0;
  };
  try {
    for await (const bytes of source) {
      batch.push(bytes);
      batched += bytes.length;
      if (batched >= writeBatch) await flushBatch();
    }
    await flushBatch();
  } finally {
    // The file must not be closed while a write is in progress.
    await Promise.all([writing, flushing]);
  }
}

async function writeAll(file: File, buffers: Buffer[]): Promise<void> {
  if (buffers.length === 0) return;
  const total = buffers.reduce((sum, bytes) => sum + bytes.length, 0);
  const { bytesWritten } = await file.writev(buffers);
  // A short write means a full disk or a signal: finish it, or fail with the disk's own error.
  if (bytesWritten < total) await file.writeFile(Buffer.concat(buffers).subarray(bytesWritten));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
