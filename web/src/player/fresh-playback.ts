/** The addresses that play now: replaced when storage or the playlist door refuses the old ones. */
import type { PlayablePlayback as Playback } from "@storagex/contract/playback";
import { type Accessor, createSignal } from "solid-js";
import { reasonOf } from "../api/api-error.ts";

/** Two refusals closer than this mean that fresh addresses do not help. Milliseconds. */
const TOO_SOON = 5_000;

type FreshPlayback = {
  playback: Accessor<Playback>;
  failure: Accessor<string | undefined>;
  /** The old addresses do not work any more. */
  refused: () => void;
  /** Newer addresses of poster, storyboard and captions that came without asking; the picture plays on from where it does. */
  offer: (playback: Playback) => void;
  /** A person wants another try. */
  again: () => void;
};

export function createFreshPlayback(
  ask: () => Promise<Playback>,
  first: Playback,
  now: () => number = Date.now,
): FreshPlayback {
  const [playback, setPlayback] = createSignal(first);
  const [failure, setFailure] = createSignal<string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking = false;

  const renew = async () => {
    if (asking) return;
    asking = true;
    askedAt = now();
    try {
      setPlayback(await ask());
      setFailure(undefined);
    } catch (error) {
      setFailure(reasonOf(error));
    } finally {
      asking = false;
    }
  };
  return {
    playback,
    failure,
    refused: () => {
      if (asking) return;
      if (now() - askedAt < TOO_SOON)
        setFailure("The picture stopped: storage does not deliver it. Try again in a moment.");
      else void renew();
    },
    // The playlist of an unfinished video grows under the same address, so nothing need change while it plays.
    offer: (newer) => {
      const { hls } = playback();
      setPlayback({ ...newer, hls });
    },
    again: () => {
      setFailure(undefined);
      void renew();
    },
  };
}
