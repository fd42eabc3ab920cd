/** While the pointer is on a poster, it shows the video at the pointer's place, from the storyboard. */
import type { Video } from "@storagex/contract/videos/video";
import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { queryClient } from "../../api/cache.ts";
import { getPlayback } from "../../api/calls/videos.ts";
import type { Tile } from "./storyboard.ts";

/** A pointer that only crosses the card asks for nothing. Milliseconds. */
const REST = 150;
/** Well within the life of the sheets' URLs. Milliseconds. */
const KEPT = 10 * 60_000;

const readTiles = (id: string): Promise<Tile[]> =>
  queryClient.fetchQuery({
    queryKey: ["storyboard", id],
    staleTime: KEPT,
    queryFn: async () => {
      const { storyboard } = await getPlayback(id);
      if (!storyboard) return [];
      const [answer, { tilesOf }] = await Promise.all([fetch(storyboard), import("./storyboard.ts")]);
      return answer.ok ? tilesOf(await answer.text()) : [];
    },
  });

export function HoverPreview(props: { video: Video }): JSX.Element {
  const [tiles, setTiles] = createSignal<readonly Tile[]>([]);
  const [place, setPlace] = createSignal<number>();
  let timer: ReturnType<typeof setTimeout>;
  onCleanup(() => clearTimeout(timer));
  const enter = (event: PointerEvent) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        void readTiles(props.video.id)
          .then(setTiles)
          .catch(() => undefined),
      REST,
    );
  };
  const move = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setPlace(Math.min(0.999, Math.max(0, (event.clientX - left) / width)));
  };
  const leave = () => {
    clearTimeout(timer);
    setPlace(undefined);
  };
  const tile = () => {
    const at = place();
    return at === undefined ? undefined : tiles()[Math.floor(at * tiles().length)];
  };
  return (
    <div
      class="absolute inset-0"
      aria-hidden="true"
      onPointerEnter={enter}
      onPointerMove={move}
      onPointerLeave={leave}
    >
      <Show when={tile()} keyed>
        {(shown) => (
          <>
            <Sheet tile={shown} />
            <div
              class="absolute bottom-0 left-0 h-1.5 bg-signal"
              style={{ width: `${(place() ?? 0) * 100}%` }}
            />
          </>
        )}
      </Show>
    </div>
  );
}

/** The tile as large as the poster, cut out of its sheet by an SVG's view box. */
function Sheet(props: { tile: Tile }): JSX.Element {
  const { x, y, width, height } = props.tile;
  return (
    <svg aria-hidden="true" class="absolute inset-0 size-full bg-black" viewBox={`0 0 ${width} ${height}`}>
      {/* Its own viewport: nothing of the neighbouring tiles shows beside it. */}
      <svg aria-hidden="true" width={width} height={height} viewBox={`${x} ${y} ${width} ${height}`}>
        <image href={props.tile.url} />
      </svg>
    </svg>
  );
}
