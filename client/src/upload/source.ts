/** Where the bytes of an upload come from. */

/** Some bytes of a source; a browser sends the Blob itself, because only so it reports progress. */
export type PartBody = { size: number; blob?: Blob; stream(): ReadableStream<Uint8Array> };

export type Source = {
  filename: string;
  size: number;
  contentType: string | undefined;
  /** Of the last change, in milliseconds; undefined where that is not known. */
  modified: number | undefined;
  /** The bytes from `from` to before `to`. */
  part(from: number, to: number): PartBody;
  /** Throws FileChangedError if the file is not any more what it was when it was opened. */
  requireUnchanged(): Promise<void>;
};

/** The file was changed while it was uploaded: what is stored of it is a mix of both. */
export class FileChangedError extends Error {
  override name = "FileChangedError";
}

/** A Blob, or a File that a person has chosen. */
export function blobSource(blob: Blob, filename: string | undefined): Source {
  const file = typeof File !== "undefined" && blob instanceof File ? blob : undefined;
  return {
    filename: filename ?? file?.name ?? "video",
    size: blob.size,
    contentType: blob.type || undefined,
    modified: file?.lastModified,
    part(from, to) {
      const part = blob.slice(from, to);
      return { size: part.size, blob: part, stream: () => part.stream() };
    },
    async requireUnchanged() {
      // A changed file behind a Blob cannot be read any more (File API, section 4).
      await blob
        .slice(0, 1)
        .arrayBuffer()
        .catch(() => {
          throw new FileChangedError("the file was changed or removed while it was uploaded");
        });
    },
  };
}
