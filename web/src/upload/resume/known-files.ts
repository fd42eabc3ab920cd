/**
 * Finds out whether a file is the one that an unfinished upload began with, also after a reload or in another
 * browser.
 */

const KEY = "storagex.uploads";

/**
 * Stores when the file was last changed: a changed file of the same size must not be mixed with the old
 * parts.
 */
export function rememberFile(videoId: string, lastModified: number): void {
  write({ ...readAll(), [videoId]: lastModified });
}

export function forgetFile(videoId: string): void {
  const { [videoId]: _gone, ...rest } = readAll();
  write(rest);
}

/** The API keeps names in Unicode's form C; a Mac gives them in form D. */
const sameName = (one: string, other: string) => one.normalize("NFC") === other.normalize("NFC");

/** Name and size must match, and the modification time where this browser began the upload. */
export function sameFile(
  video: { id: string; filename: string; size: number },
  file: { name: string; size: number; lastModified: number },
): boolean {
  const remembered = readAll()[video.id];
  return (
    sameName(video.filename, file.name) &&
    video.size === file.size &&
    (remembered === undefined || remembered === file.lastModified)
  );
}

function readAll(): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(
      Object.entries(stored).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    return {};
  }
}

function write(all: Record<string, number>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Storage is blocked or full: name and size still find the upload again.
  }
}
