/** hls.js, built with what our streams need and nothing else (`vite.config`), over lists that came with the page. */
import Hls, {
  type HlsConfig,
  type LoaderCallbacks,
  type LoaderConfiguration,
  type LoaderContext,
} from "hls.js";
import type { FirstList } from "../../visitor.d.ts";
import { type Fetched, fetchHeads } from "./first-lists.ts";

export type Engine = {
  /** Lines that a viewer may choose, the largest first; empty until they are known. */
  heights(): number[];
  /** Lines of what plays now; 0 while nothing does. */
  height(): number;
  /** Undefined: by the speed of the connection. */
  choose(height: number | undefined): void;
  destroy(): void;
};

const Loader = Hls.DefaultConfig.loader;

/** Answers from what is there, once each; asks for everything else. */
function primedLoader(lists: readonly FirstList[], heads: ReturnType<typeof fetchHeads>): typeof Loader {
  const texts = new Map(lists.map(({ url, text }) => [url, text]));
  return class extends Loader {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      const { url, rangeStart = 0, rangeEnd = 0 } = context;
      const text = texts.get(url);
      if (text !== undefined) {
        texts.delete(url);
        const now = performance.now();
        this.#answer(context, callbacks, text, text.length, { start: now, first: now, end: now });
        return;
      }
      const head = heads.get(url);
      if (!head || rangeEnd === 0 || rangeEnd > head.end) {
        super.load(context, config, callbacks);
        return;
      }
      if (rangeEnd === head.end) heads.delete(url);
      head.fetched.then(
        ({ bytes, timing }: Fetched) => {
          if (!this.stats.aborted)
            this.#answer(
              context,
              callbacks,
              bytes.slice(rangeStart, rangeEnd),
              rangeEnd - rangeStart,
              timing,
            );
        },
        () => super.load(context, config, callbacks),
      );
    }

    #answer(
      context: LoaderContext,
      { onSuccess, onProgress }: LoaderCallbacks<LoaderContext>,
      data: string | ArrayBuffer,
      size: number,
      timing: Fetched["timing"],
    ): void {
      this.context = context;
      Object.assign(this.stats, { loaded: size, total: size, loading: { ...timing } });
      // As after a request: never within the call that asked.
      queueMicrotask(() => {
        if (this.stats.aborted) return;
        onProgress?.(this.stats, context, data, null);
        onSuccess({ url: context.url, data, code: 200 }, this.stats, context, null);
      });
    }
  };
}

export type Source = {
  url: string;
  lists: readonly FirstList[];
  start: number;
  onRefused: (isGone: boolean) => void;
};

/** Plays `url` in `video`. `onRefused` is called when addresses are over, or nothing can be loaded any more. */
export function attachHls(video: HTMLVideoElement, { url, lists, start, onRefused }: Source): Engine {
  const config: Partial<HlsConfig> = {
    startPosition: start,
    startLevel: 0,
    testBandwidth: false,
    capLevelToPlayerSize: true,
    backBufferLength: 60,
    maxBufferLength: 20,
    enableWorker: false,
    loader: primedLoader(lists, start === 0 ? fetchHeads(lists) : new Map()),
  };
  const hls = new Hls(config);
  hls.on(Hls.Events.ERROR, (_, { response, fatal, type }) => {
    const status = response?.code ?? 0;
    if ([401, 403, 404, 410].includes(status)) onRefused(true);
    else if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else if (fatal) onRefused(false);
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  const short = ({ width, height }: { width: number; height: number }) => Math.min(width, height);
  return {
    heights: () => [...new Set(hls.levels.map(short))].sort((a, b) => b - a),
    height: () => {
      const level = hls.levels[hls.currentLevel];
      return level ? short(level) : 0;
    },
    choose: (height) => {
      hls.nextLevel = height === undefined ? -1 : hls.levels.findIndex((level) => short(level) === height);
    },
    destroy: () => hls.destroy(),
  };
}
