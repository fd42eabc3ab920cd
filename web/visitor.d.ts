import type { ShownVideo } from "@storagex/contract/sharing";

/** What the script of visitors' pages says; the Worker writes it into the page, in the page's language. */
export type ScriptWords = Readonly<
  Record<
    | "notReady"
    | "download"
    | "chapters"
    | "wrongPassword"
    | "noAnswer"
    | "notLoading"
    | "notShared"
    | "play"
    | "pause"
    | "mute"
    | "unmute"
    | "position"
    | "fullScreen"
    | "quality"
    | "auto"
    | "captions"
    | "noCaptions",
    string
  > & {
    /** With `{minutes}`. */
    tooManyTries: string;
    /** With `{at}` and `{whole}`. */
    timeOf: string;
  }
>;

/** A playlist that came with the page, by its own address. */
export type FirstList = { url: string; text: string };

/** What the page of a visitor says of its video: written by the Worker into the page, so that nothing is asked for. */
export type Visit = {
  /** Only the player, in a frame of another page. */
  isEmbed: boolean;
  /** The call that answers the video afresh. */
  api: string;
  /** The call that takes the password, of a share that has one and is not unlocked yet. */
  unlock: string | null;
  /** Null until it is unlocked. */
  shown: ShownVideo | null;
  /** The multivariant playlist and those that play first; empty where they are long. */
  lists: readonly FirstList[];
  /** In the language of the page. */
  words: ScriptWords;
};

/** Paths of the built script of visitors' pages: the entry, the player that it loads, and what both share. */
declare const visitor: { main: string; hls: string; shared: readonly string[] };
export default visitor;
