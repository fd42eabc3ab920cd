/** The chunk timeline. Solid is done, filling is on a worker, empty waits; below it the same in words. */
import type { VideoDetail } from "@storagex/contract/video";
import { For, type JSX, Show } from "solid-js";
import { formatClock, formatLeft, formatPercent, formatTimes } from "../ui/format.ts";

type Processing = NonNullable<VideoDetail["processing"]>;
type Chunk = Processing["chunks"][number];

export function ChunkTimeline(props: { processing: Processing }): JSX.Element {
  const chunks = () => props.processing.chunks;
  const workers = () =>
    new Set(chunks().flatMap(({ state, worker }) => (state === "running" ? (worker ?? []) : [])));
  const count = (state: Chunk["state"]) => chunks().filter((chunk) => chunk.state === state).length;
  return (
    <section aria-labelledby="strip-title" class="grid gap-3">
      <div class="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <h2 id="strip-title" class="headline text-large">
          {heading(workers().size, count("waiting") + count("running"))}
        </h2>
        <p class="number">{pace(props.processing)}</p>
      </div>
      <Show
        when={chunks().length > 0}
        fallback={<div class="hatch h-12 border-3 border-ink" aria-hidden="true" />}
      >
        <ol
          class="strip"
          style={{ "--columns": chunks().length }}
          aria-label={`${count("done")} of ${chunks().length} pieces of the timeline are done`}
        >
          <For each={chunks()}>{(chunk) => <ChunkMark chunk={chunk} />}</For>
        </ol>
      </Show>
      <p class="number text-mute">
        solid: done · filling: on a worker · empty: waiting. Each box is a piece of the timeline
      </p>
    </section>
  );
}

function ChunkMark(props: { chunk: Chunk }): JSX.Element {
  return (
    <li
      class="strip-piece"
      classList={{ "bg-ink": props.chunk.state === "done" }}
      title={describe(props.chunk)}
    >
      <Show when={props.chunk.state === "running"}>
        <span class="strip-filling" style={{ height: `${props.chunk.progress * 100}%` }} aria-hidden="true" />
        <Show when={props.chunk.worker}>
          {(worker) => (
            <span class="strip-worker" aria-hidden="true">
              {worker()}
            </span>
          )}
        </Show>
      </Show>
      <span class="sr-only">{describe(props.chunk)}</span>
    </li>
  );
}

function describe(chunk: Chunk): string {
  const span = `${formatClock(chunk.from)} to ${formatClock(chunk.to)}`;
  if (chunk.state === "done") return `${span}: done`;
  if (chunk.state === "waiting") return `${span}: waiting`;
  return `${span}: ${formatPercent(chunk.progress)} on ${chunk.worker ?? "a worker"}`;
}

function heading(workers: number, open: number): string {
  if (workers > 0) return `Encoding on ${workers === 1 ? "1 worker" : `${workers} workers`}`;
  return open > 0 ? "Waiting for a worker" : "Finishing";
}

/** `playable to 43:50 · 9 min left · 11.2× real time · try 2`; unknown values are left out. */
function pace(processing: Pick<Processing, "playableTo" | "secondsLeft" | "speed" | "retries">): string {
  const said = [
    processing.playableTo > 0 ? `playable to ${formatClock(processing.playableTo)}` : "nothing playable yet",
  ];
  if (processing.secondsLeft !== null) said.push(formatLeft(processing.secondsLeft));
  if (processing.speed !== null && processing.speed > 0)
    said.push(`${formatTimes(processing.speed)} real time`);
  if (processing.retries > 0) said.push(`trying again, try ${processing.retries + 1}`);
  return said.join(" · ");
}
