/** What the page around the player may ask of it: the time, a seek, the layout. One per shown video. */
import { type Accessor, createSignal } from "solid-js";

/** What a player that runs registers. Times in seconds. */
export type Seekable = { seek(seconds: number): void; time(): number };

export type Remote = {
  /** The time at which the video is now, whole seconds; null before playback has begun. */
  time: Accessor<number | null>;
  /** The exact time. */
  exactTime(): number | null;
  /** Plays from there; starts the player if it is at rest. */
  seek(seconds: number): void;
  /** Where a player at rest is to begin, or null when nothing asked it to begin. */
  asked: Accessor<{ from: number } | null>;
  isWide: Accessor<boolean>;
  setWide(isWide: boolean): void;
  /** Called by the player. */
  attach(player: Seekable | undefined): void;
  report(seconds: number): void;
};

export function createRemote(): Remote {
  const [time, setTime] = createSignal<number | null>(null);
  const [asked, setAsked] = createSignal<{ from: number } | null>(null);
  const [isWide, setWide] = createSignal(false);
  let running: Seekable | undefined;
  return {
    time,
    exactTime: () => running?.time() ?? null,
    seek: (seconds) => {
      if (running) running.seek(seconds);
      else setAsked({ from: seconds });
    },
    asked,
    isWide,
    setWide,
    attach: (player) => {
      running = player;
    },
    report: (seconds) => setTime(Math.floor(seconds)),
  };
}
