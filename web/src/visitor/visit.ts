/** What the page of a visitor says of its video: written by the Worker into the page, so that nothing is asked for. */
import type { ShownVideo } from "@storagex/contract/sharing";

/** A playlist that came with the page, by its own address. */
export type FirstList = { url: string; text: string };

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
};

/** How the address asks the player to behave. */
export type Wishes = {
  autoplay: boolean;
  muted: boolean;
  loop: boolean;
  /** Seconds. */
  start: number;
  controls: boolean;
  captions: boolean;
};

/** A wish without a value is true; `0` and `false` say no. */
export function readWishes(search: string): Wishes {
  const given = new URLSearchParams(search);
  const flag = (name: string, otherwise: boolean) => {
    const value = given.get(name);
    return value === null ? otherwise : !/^(0|false|no|off)$/i.test(value);
  };
  const start = Number(given.get("start") ?? given.get("t"));
  return {
    autoplay: flag("autoplay", false),
    muted: flag("muted", false),
    loop: flag("loop", false),
    start: Number.isFinite(start) && start > 0 ? start : 0,
    controls: flag("controls", true),
    captions: flag("captions", false),
  };
}
