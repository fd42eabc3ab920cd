/** Words of the player. */
import { wordsOf } from "./words.ts";

const english = {
  player: "Player",
  posterOf: (title: string) => `Poster of ${title}`,
  playOf: (title: string) => `Play ${title}`,
  continuesAt: (clock: string) => `continues at ${clock}`,
  startOver: "Start over",
  notLoaded: "The player could not be loaded. Check the network and press play again.",
  starting: "Starting…",
  stopped: "Playback stopped: storage does not answer. Try again in a moment.",

  playOrPause: "Play or pause",
  mute: "Mute",
  volume: "Volume",
  cc: "CC, captions",
  settings: "Settings",
  theatre: "Theatre",
  pip: "Picture in picture",
  fullScreen: "Full screen",
  position: "Position",

  playerSettings: "Player settings",
  quality: "Quality",
  auto: (playing: string) => `Auto${playing ? ` (${playing})` : ""}`,
  speed: "Speed",
  audio: "Audio",
  captions: "Captions",
  off: "Off",
  captionSize: "Caption size",
  sizes: { small: "Small", normal: "Normal", large: "Large", huge: "Very large" },
  captionStyle: "Caption style",
  styles: {
    black: "White on black",
    white: "Black on white",
    signal: "Black on lime",
    bare: "White, no box",
  },
  useFrame: "Use this frame as the poster",
  shortcuts: "Keyboard shortcuts",

  keyboard: "Keyboard",
  closeList: "Close the list",
  space: "Space",
  does: {
    play: "play or pause",
    back: "back 10 seconds",
    forward: "forward 10 seconds",
    goTo: "go to 0%–90%",
    volume: "volume",
    mute: "mute",
    captions: "captions",
    speed: "slower, faster",
    theatre: "theatre",
    fullScreen: "full screen",
    pip: "picture in picture",
    list: "this list",
  },
};

export type PlayerWords = typeof english;
export const t = wordsOf("player", english);
