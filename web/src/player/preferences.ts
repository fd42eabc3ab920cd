/** How this browser's viewers like to watch: quality, speed, caption language and look. Kept in this browser. */
import { createSignal } from "solid-js";
import { z } from "zod";

export const CAPTION_SIZES = { small: 0.75, normal: 1, large: 1.5, huge: 2 } as const;
export const CAPTION_STYLES = {
  black: { text: "#fff", background: "#000" },
  white: { text: "#000", background: "#fff" },
  signal: { text: "#000", background: "#d6ff1f" },
  bare: { text: "#fff", background: "transparent" },
} as const;

const preferencesSchema = z.object({
  /** A language tag; "off" shows none; null takes the first track. */
  captions: z.string().nullable().default(null).catch(null),
  size: z.enum(["small", "normal", "large", "huge"]).default("normal").catch("normal"),
  style: z.enum(["black", "white", "signal", "bare"]).default("black").catch("black"),
  /** Short side of the frame in pixels; null follows the network. */
  quality: z.number().int().positive().nullable().default(null).catch(null),
  speed: z.number().min(0.25).max(4).default(1).catch(1),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const KEY = "storagex:player";

/** Text that is no preferences means the defaults, field by field. */
export function readPreferences(text: string | null): Preferences {
  try {
    return preferencesSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    return preferencesSchema.parse({});
  }
}

/** The preferences, and a function that changes and keeps some of them. Browser only. */
export function createPreferences() {
  const [preferences, setPreferences] = createSignal(readPreferences(stored()));
  const prefer = (changes: Partial<Preferences>) => {
    const next = setPreferences((before) => ({ ...before, ...changes }));
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Not remembered where the browser forbids it.
    }
  };
  return { preferences, prefer };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The best of at most the preferred quality, else the smallest; undefined follows the network. */
export function preferredQuality<T extends { width: number; height: number }>(
  qualities: readonly T[],
  preferred: number | null,
): T | undefined {
  if (preferred === null) return undefined;
  const ascending = qualities.toSorted((a, b) => shortSide(a) - shortSide(b));
  return ascending.findLast((quality) => shortSide(quality) <= preferred) ?? ascending[0];
}

/** Pixels. */
export const shortSide = ({ width, height }: { width: number; height: number }): number =>
  Math.min(width, height);

/** The track to show at first: the preferred language's, else the first; undefined where none is wanted. */
export function preferredTrack<T extends { language: string | null }>(
  tracks: readonly T[],
  captions: string | null,
): T | undefined {
  if (captions === "off") return undefined;
  return tracks.find(({ language }) => language !== null && language === captions) ?? tracks[0];
}
