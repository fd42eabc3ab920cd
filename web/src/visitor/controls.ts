/** The bar under the picture, and the big button on it: native buttons, a native slider, native menus. */

import type { ScriptWords } from "../../visitor.d.ts";
import { buttonOf, clock, filled, make, rename } from "./dom.ts";

export type Controlled = {
  video: HTMLVideoElement;
  frame: HTMLElement;
  /** Seconds of the whole video, also while only its beginning can be played. */
  duration: () => number;
  toggle: () => void;
  heights: () => number[];
  choose: (height: number | undefined) => void;
  captions: readonly { id: string; label: string }[];
  showsCaptions: boolean;
  words: ScriptWords;
};

/** Adds bar and buttons to the frame. */
export function addControls(controlled: Controlled, hasBar: boolean): void {
  const { video, frame, toggle, words } = controlled;
  const big = buttonOf(words.play, "play", toggle);
  big.className = "big";
  frame.append(big);
  frame.classList.add("fresh");
  video.addEventListener("play", () => frame.classList.remove("fresh"), { once: true });
  const follow = () => {
    big.hidden = !video.paused;
    frame.classList.toggle("playing", !video.paused);
  };
  for (const event of ["play", "pause", "ended"]) video.addEventListener(event, follow);
  video.addEventListener("click", toggle);
  if (hasBar) frame.append(barOf(controlled));
  followKeys(controlled);
}

function barOf({
  video,
  frame,
  duration,
  toggle,
  heights,
  choose,
  captions,
  showsCaptions,
  words,
}: Controlled): HTMLElement {
  const play = buttonOf(words.play, "play", toggle);
  const mute = buttonOf(words.mute, "loud", () => {
    video.muted = !video.muted;
  });
  const line = make("input", {
    type: "range",
    min: "0",
    max: "1000",
    value: "0",
    step: "1",
    "aria-label": words.position,
  });
  const time = make("span", { class: "time" }, "0:00");
  const full = buttonOf(words.fullScreen, "full", () => void toggleFull(frame, video));
  const quality = menu(words.quality, [["", words.auto]], (value) =>
    choose(value === "" ? undefined : Number(value)),
  );
  quality.hidden = true;
  const texts = menu(
    words.captions,
    [["", words.noCaptions], ...captions.map(({ id, label }): [string, string] => [id, label])],
    (id) => showTrack(video, id),
  );
  texts.hidden = captions.length === 0;
  if (showsCaptions && captions[0]) {
    texts.value = captions[0].id;
    showTrack(video, captions[0].id);
  }

  const paint = () => {
    const whole = duration();
    const at = whole > 0 ? video.currentTime / whole : 0;
    line.value = String(Math.round(at * 1000));
    line.style.setProperty("--at", `${at * 100}%`);
    line.setAttribute(
      "aria-valuetext",
      filled(words.timeOf, { at: clock(video.currentTime), whole: clock(whole) }),
    );
    time.textContent = `${clock(video.currentTime)} / ${clock(whole)}`;
    rename(play, video.paused ? words.play : words.pause, video.paused ? "play" : "pause");
    rename(mute, video.muted ? words.unmute : words.mute, video.muted ? "mute" : "loud");
  };
  line.addEventListener("input", () => {
    video.currentTime = (Number(line.value) / 1000) * duration();
    paint();
  });
  for (const event of ["timeupdate", "play", "pause", "volumechange", "durationchange", "seeking", "ended"])
    video.addEventListener(event, paint);
  video.addEventListener("playing", () => {
    const known = heights();
    if (known.length < 2 || quality.options.length > 1) return;
    quality.append(...known.map((height) => make("option", { value: String(height) }, `${height}p`)));
    quality.hidden = false;
  });
  paint();
  return make(
    "div",
    { class: "bar" },
    line,
    make(
      "div",
      { class: "bar-buttons" },
      play,
      time,
      mute,
      make("span", { class: "gap" }),
      texts,
      quality,
      full,
    ),
  );
}

function menu(
  label: string,
  options: [string, string][],
  onChoose: (value: string) => void,
): HTMLSelectElement {
  const select = make(
    "select",
    { "aria-label": label },
    ...options.map(([value, text]) => make("option", { value }, text)),
  );
  select.addEventListener("change", () => onChoose(select.value));
  return select;
}

/** Shows the track of that id, and no other. */
function showTrack(video: HTMLVideoElement, id: string): void {
  for (const track of video.querySelectorAll("track"))
    track.track.mode = track.id === id ? "showing" : "disabled";
}

async function toggleFull(frame: HTMLElement, video: HTMLVideoElement): Promise<void> {
  if (document.fullscreenElement) return document.exitFullscreen();
  if (document.fullscreenEnabled) return frame.requestFullscreen();
  // iPhones take only the video itself.
  if ("webkitEnterFullscreen" in video && typeof video.webkitEnterFullscreen === "function")
    video.webkitEnterFullscreen();
}

/** The keys that video players share; those of a focused control stay its own. */
function followKeys({ video, frame, toggle }: Controlled): void {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof Element && event.target.closest("input, select, textarea, a, button")) {
      if (event.key === " " || event.key.startsWith("Arrow")) return;
      if (event.target.closest("textarea, input:not([type=range])")) return;
    }
    const acts: Record<string, () => void> = {
      " ": toggle,
      k: toggle,
      m: () => {
        video.muted = !video.muted;
      },
      f: () => void toggleFull(frame, video),
      ArrowLeft: () => {
        video.currentTime -= 5;
      },
      ArrowRight: () => {
        video.currentTime += 5;
      },
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
