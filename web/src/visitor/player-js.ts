/**
 * The Player.js protocol: pages that frame the player command it and hear its events, by messages (version
 * 0.0.11 of the specification, github.com/embedly/player.js).
 */
const CONTEXT = "player.js";
const VERSION = "0.0.11";

type Message = { method: string; value?: unknown; listener?: string | undefined };

function readMessage(data: unknown): Message | undefined {
  try {
    const message: unknown = typeof data === "string" ? JSON.parse(data) : data;
    if (typeof message !== "object" || message === null || !("context" in message) || !("method" in message))
      return undefined;
    if (message.context !== CONTEXT || typeof message.method !== "string") return undefined;
    const listener =
      "listener" in message && typeof message.listener === "string" ? message.listener : undefined;
    return { method: message.method, value: "value" in message ? message.value : undefined, listener };
  } catch {
    return undefined;
  }
}

const number = (value: unknown) => (Number.isFinite(Number(value)) ? Number(value) : 0);

/** What each method does; a getter's answer goes back to who asked. */
const methodsOf = (
  video: HTMLVideoElement,
  play: () => void,
): Record<string, (value: unknown) => unknown> => ({
  play,
  pause: () => video.pause(),
  getPaused: () => video.paused,
  mute: () => {
    video.muted = true;
  },
  unmute: () => {
    video.muted = false;
  },
  getMuted: () => video.muted,
  // Volumes are percents.
  setVolume: (value) => {
    video.volume = Math.min(1, Math.max(0, number(value) / 100));
  },
  getVolume: () => Math.round(video.volume * 100),
  getDuration: () => (Number.isFinite(video.duration) ? video.duration : 0),
  setCurrentTime: (value) => {
    video.currentTime = number(value);
  },
  getCurrentTime: () => video.currentTime,
  setLoop: (value) => {
    video.loop = value === true;
  },
  getLoop: () => video.loop,
});

const EVENTS = ["ready", "play", "pause", "ended", "timeupdate", "progress", "seeked", "error"] as const;
type EventName = (typeof EVENTS)[number];

/** Answers the page that frames us. `play` starts loading where nothing is loaded yet. */
export function speakPlayerJs(video: HTMLVideoElement, play: () => void): void {
  if (window.parent === window) return;
  const methods = methodsOf(video, play);
  const listeners: { event: EventName; listener: string | undefined; to: string }[] = [];
  const send = (to: string, message: Record<string, unknown>) =>
    window.parent.postMessage(JSON.stringify({ context: CONTEXT, version: VERSION, ...message }), to);
  const ready = {
    event: "ready",
    value: {
      src: location.href,
      events: EVENTS,
      methods: [...Object.keys(methods), "addEventListener", "removeEventListener"],
    },
  };

  addEventListener("message", ({ source, origin, data }) => {
    const message = source === window.parent ? readMessage(data) : undefined;
    if (!message) return;
    const { method, value, listener } = message;
    const to = origin === "null" ? "*" : origin;
    const event = EVENTS.find((name) => name === value);
    if (method === "addEventListener") {
      if (event && listeners.length < 100) listeners.push({ event, listener, to });
      if (event === "ready") send(to, { ...ready, listener });
    } else if (method === "removeEventListener") {
      const kept = listeners.filter(
        (each) => each.event !== event || (listener !== undefined && each.listener !== listener),
      );
      listeners.splice(0, listeners.length, ...kept);
    } else if (Object.hasOwn(methods, method)) {
      const answer = methods[method]?.(value);
      if (method.startsWith("get")) send(to, { event: method, value: answer, listener });
    }
  });

  const tell = (event: EventName, value?: () => unknown) => () => {
    for (const each of listeners)
      if (each.event === event)
        send(each.to, {
          event,
          ...(value && { value: value() }),
          ...(each.listener && { listener: each.listener }),
        });
  };
  const at = () => ({
    seconds: video.currentTime,
    duration: Number.isFinite(video.duration) ? video.duration : 0,
  });
  const loaded = () => {
    const end = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0;
    return { percent: video.duration > 0 ? end / video.duration : 0 };
  };
  for (const event of ["play", "pause", "ended", "seeked"] as const)
    video.addEventListener(event, tell(event));
  video.addEventListener("timeupdate", tell("timeupdate", at));
  video.addEventListener("progress", tell("progress", loaded));
  video.addEventListener(
    "error",
    tell("error", () => ({ code: video.error?.code ?? 0, msg: video.error?.message ?? "" })),
  );
  send("*", ready);
}
