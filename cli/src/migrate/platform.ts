/** What moving videos in needs of another platform: each has a file of its own. */
import type { Schemas } from "@storagex/client";

/** What is said of a video from the beginning. */
export type Fields = Omit<Schemas["ImportRequest"], "url" | "filename" | "externalId" | "profile">;

export type Source = {
  /** Reachable by the server of StorageX for as long as the import may take. */
  url: string;
  filename: string;
  /** Whether it is what was uploaded there, or an MP4 that was made of it. */
  kind: "original" | "mp4";
};

export type Captions = Schemas["CaptionsRequest"];
/** A track, and how its text is read. */
export type Track = Omit<Captions, "content"> & { content(): Promise<string> };

export type Found = {
  /** The platform's own. */
  id: string;
  title: string;
  /** Why it cannot be moved: it is live, or not ready. */
  obstacle?: string;
  fields(): Promise<Fields>;
  /** May let the platform prepare a file, and waits for it. Rejects where it offers none. */
  source(): Promise<Source>;
  tracks(): Promise<Track[]>;
};

export type Platform = {
  /** Begins external ids: `mux:ASSET`. */
  name: string;
  /** All videos, page by page. Throws where the account cannot be read. */
  videos(): AsyncIterable<Found>;
};

/** Of a video whose description does not have the documented shape. */
export function unreadable(id: string, obstacle: string): Found {
  const refuse = () => Promise.reject(new Error(obstacle));
  return { id, title: id, obstacle, fields: refuse, source: refuse, tracks: refuse };
}
