/** The current playback URLs: replaced when S3 or the playlist route refuses the old ones. */
import type { PlayablePlayback as Playback } from "@storagex/contract/videos/playback";
import { type Accessor, createSignal } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { t } from "../messages/player.ts";

/** Two refusals closer than this mean that new URLs do not help. Milliseconds. */
const TOO_SOON = 5_000;

type FreshPlayback = {
  playback: Accessor<Playback>;
  failure: Accessor<string | undefined>;
  /** The old URLs no longer work. */
  refused: () => void;
  /** Newer URLs of poster, storyboard and captions that came unasked; the video plays on. */
  offer: (playback: Playback) => void;
  /** The viewer asks for another attempt. */
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
      if (now() - askedAt < TOO_SOON) setFailure(t("stopped"));
      else void renew();
    },
    // The playlist of an unfinished video grows under the same URL, so nothing needs to change while it
    // plays.
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
