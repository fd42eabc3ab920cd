/** Who encodes what, and how fast: a card for each worker, with a bar for each task that it runs. */

import { Key } from "@solid-primitives/keyed";
import { A } from "@solidjs/router";
import type { AdminWorker } from "@storagex/contract/operators";
import { For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { queryClient } from "../api/cache.ts";
import { drainWorker } from "../api/calls/operators.ts";
import { t } from "../messages/admin.ts";
import { Ago } from "../ui/Ago.tsx";
import { formatPercent, formatTimes } from "../ui/format.ts";
import { Reason } from "../ui/Reason.tsx";

export function Workers(props: { workers: AdminWorker[] }): JSX.Element {
  const live = () => props.workers.filter(({ state }) => state !== "gone");
  const gone = () => props.workers.filter(({ state }) => state === "gone");
  return (
    <section aria-labelledby="workers-title" class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="workers-title" class="headline text-large">
        {t("workers")}
      </h2>
      <Show when={live().length === 0}>
        <p class="hatch border-3 border-ink p-6">
          <span class="frame inline-block p-3 font-bold">{t("noWorker")}</span>
        </p>
      </Show>
      <ul class="grid gap-6 lg:grid-cols-2">
        {/* By name: a card stays, and the focus in it, when the list is read again. */}
        <Key each={live()} by="name">
          {(worker) => <Worker worker={worker()} />}
        </Key>
      </ul>
      <Show when={gone().length > 0}>
        <ul aria-label={t("goneWorkers")} class="border-3 border-ink">
          <For each={gone()}>{(worker) => <Gone worker={worker} />}</For>
        </ul>
      </Show>
    </section>
  );
}

/** Stopped, or unreachable: only what it did. */
function Gone(props: { worker: AdminWorker }): JSX.Element {
  return (
    <li class="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-t-3 border-ink px-4 py-3 text-mute first:border-t-0">
      <span class="font-bold wrap-anywhere">{props.worker.name}</span>
      <span class="number">
        {`${t("goneSeen")} `}
        <Ago at={props.worker.seenAt} />
        {` · ${countsOf(props.worker)}`}
      </span>
    </li>
  );
}

const countsOf = ({ tasksDone, tasksFailed }: AdminWorker) => t("counts", tasksDone, tasksFailed);

function Worker(props: { worker: AdminWorker }): JSX.Element {
  const drain = createAct(async () => {
    await drainWorker(props.worker.name, props.worker.state === "live");
    await queryClient.invalidateQueries({ queryKey: ["workers"] });
  });
  const facts = () => {
    const { version, ffmpeg, encoder } = props.worker;
    return [version && `v${version}`, ffmpeg && `FFmpeg ${ffmpeg}`, encoder && t("encoder", encoder)]
      .filter(Boolean)
      .join(" · ");
  };
  return (
    <li class="frame grid content-start shadow-drop">
      <div class="flex items-start justify-between gap-3 p-4">
        <div class="min-w-0">
          <h3 class="text-title font-bold wrap-anywhere">{props.worker.name}</h3>
          <p class="number mt-1 wrap-anywhere text-mute">{facts() || t("earlierRelease")}</p>
        </div>
        <span
          class="label border-3 border-ink px-2 py-1"
          classList={{
            "bg-signal text-black": props.worker.state === "live",
            hatch: props.worker.state === "draining",
          }}
        >
          <span class="px-1" classList={{ "bg-paper": props.worker.state !== "live" }}>
            {t(props.worker.state === "live" ? "live" : "draining")}
          </span>
        </span>
      </div>
      <ul class="grid">
        <Key each={props.worker.running} by={({ videoId, kind, index }) => `${videoId} ${kind} ${index}`}>
          {(task) => <Task task={task()} />}
        </Key>
        <For each={freeSlots(props.worker)}>
          {() => (
            <li class="label flex min-h-12 items-center border-t-3 border-ink px-4 text-mute">{t("free")}</li>
          )}
        </For>
      </ul>
      <div class="flex flex-wrap items-center justify-between gap-3 border-t-3 border-ink p-4">
        <p class="number">{countsOf(props.worker)}</p>
        <button
          type="button"
          class="button"
          aria-disabled={drain.busy()}
          aria-label={t(props.worker.state === "live" ? "drainOf" : "resumeOf", props.worker.name)}
          title={t(props.worker.state === "live" ? "drainHelp" : "resumeHelp")}
          onClick={drain.run}
        >
          {t(props.worker.state === "live" ? "drain" : "resume")}
        </button>
        <Show when={drain.failure()}>
          {(failure) => (
            <div class="w-full">
              <Reason message={failure().message} code={failure().code} />
            </div>
          )}
        </Show>
      </div>
    </li>
  );
}

/** One for each slot that nothing fills. A worker may run more than its slots: audio runs beside them. */
const freeSlots = ({ slots, running }: AdminWorker) =>
  Array.from({ length: Math.max(0, slots - running.length) });

const stepOf = ({ kind, index }: Running) => (kind === "encode" ? t("chunk", index + 1) : t("steps")[kind]);

type Running = AdminWorker["running"][number];

function Task(props: { task: Running }): JSX.Element {
  return (
    <li class="relative isolate border-t-3 border-ink">
      <span
        aria-hidden="true"
        class="absolute inset-y-0 left-0 -z-10 border-ink bg-signal"
        style={{ width: `${Math.round(props.task.progress * 100)}%` }}
      />
      <div class="flex min-h-12 flex-wrap items-center justify-between gap-x-3 px-4 py-2">
        <A
          href={`/videos/${encodeURIComponent(props.task.videoId)}`}
          dir="auto"
          class="min-w-0 bg-paper px-1 font-bold wrap-anywhere underline-offset-4 hover:underline"
        >
          {props.task.title}
        </A>
        <span class="number bg-paper px-1">
          {[
            stepOf(props.task),
            formatPercent(props.task.progress),
            props.task.speed && formatTimes(props.task.speed),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </div>
    </li>
  );
}
