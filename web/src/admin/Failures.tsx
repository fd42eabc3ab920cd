/** What failed and why, with retries: by reason as bars, then each video. */

import { Key } from "@solid-primitives/keyed";
import { A } from "@solidjs/router";
import type { Failure, FailurePage } from "@storagex/contract/operators";
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { createAct } from "../api/act.ts";
import { reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { readFailures, retryFailures } from "../api/calls/operators.ts";
import { useInfiniteQuery } from "../api/query.ts";
import { t } from "../messages/admin.ts";
import { t as common } from "../messages/common.ts";
import { failureText } from "../messages/of-api.ts";
import { Ago } from "../ui/Ago.tsx";
import { MoreButton } from "../ui/MoreButton.tsx";
import { passFocus } from "../ui/pass-focus.ts";
import { Reason, ReasonOf } from "../ui/Reason.tsx";
import { retryHelps } from "../video/may.ts";

const EVERY_MS = 15_000;
const KEY = ["failures"] as const;

export function Failures(): JSX.Element {
  const pages = useInfiniteQuery(() => ({
    queryKey: KEY,
    queryFn: ({ pageParam }: { pageParam: string | null }) => readFailures(pageParam),
    initialPageParam: null,
    getNextPageParam: (page: FailurePage) => page.nextCursor,
    refetchInterval: EVERY_MS,
  }));
  const [said, setSaid] = createSignal("");
  let status: HTMLParagraphElement | undefined;
  const retry = createAct(async (which: { code?: string; ids?: string[] }) => {
    const { retried, left } = await retryFailures(which);
    setSaid(t("retried", retried, left));
    await queryClient.invalidateQueries({ queryKey: KEY });
    await queryClient.invalidateQueries({ queryKey: ["queue"] });
  });
  const failures = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  const codes = () => pages.data?.pages.at(-1)?.codes ?? [];
  return (
    <section aria-labelledby="failures-title" class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="failures-title" class="headline text-large">
        {t("failures")}
      </h2>
      <p ref={status} role="status" tabindex="-1" class="font-bold empty:hidden">
        {said()}
      </p>
      <ReasonOf failure={retry.failure()} />
      <Switch
        fallback={
          <div class="hatch h-24 border-3 border-ink" role="status" aria-label={t("loadingFailures")} />
        }
      >
        <Match when={pages.isError && !pages.data}>
          <Reason message={reasonOf(pages.error)} />
        </Match>
        <Match when={pages.data && failures().length === 0}>
          <p class="frame p-4 font-bold">{t("nothingFailed")}</p>
        </Match>
        <Match when={pages.data}>
          <Codes
            codes={codes()}
            busy={retry.busy()}
            onRetry={(code) => retry.run({ code })}
            otherwise={() => status}
          />
          <ul class="border-3 border-ink">
            <Key each={failures()} by="videoId">
              {(failure) => (
                <Row
                  failure={failure()}
                  busy={retry.busy()}
                  onRetry={() => retry.run({ ids: [failure().videoId] })}
                  otherwise={() => status}
                />
              )}
            </Key>
          </ul>
        </Match>
      </Switch>
      <MoreButton pages={pages} />
    </section>
  );
}

function Codes(props: {
  codes: FailurePage["codes"];
  busy: boolean;
  onRetry: (code: string) => void;
  otherwise: () => HTMLElement | undefined;
}): JSX.Element {
  const longest = () => Math.max(1, ...props.codes.map(({ videos }) => videos));
  return (
    <ul class="frame grid gap-3 p-4">
      <Key each={props.codes} by="code">
        {(reason) => (
          <Code
            code={reason().code}
            videos={reason().videos}
            share={reason().videos / longest()}
            busy={props.busy}
            onRetry={() => props.onRetry(reason().code)}
            otherwise={props.otherwise}
          />
        )}
      </Key>
    </ul>
  );
}

function Code(props: {
  code: string;
  videos: number;
  /** Of the commonest reason's videos. */
  share: number;
  busy: boolean;
  onRetry: () => void;
  otherwise: () => HTMLElement | undefined;
}): JSX.Element {
  let row: HTMLLIElement | undefined;
  passFocus(() => row, props.otherwise);
  return (
    <li
      ref={row}
      class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 md:grid-cols-[240px_minmax(0,1fr)_13rem]"
    >
      <span class="number wrap-anywhere">{props.code}</span>
      <span class="flex items-center gap-2 max-md:col-span-2 max-md:row-start-2">
        <span
          aria-hidden="true"
          class="h-6 border-3 border-ink bg-ink"
          style={{ width: `${props.share * 80}%` }}
        />
        <span class="number">{props.videos}</span>
      </span>
      <Show when={retryHelps(props.code)}>
        <button
          type="button"
          class="button justify-self-end whitespace-nowrap"
          aria-disabled={props.busy}
          aria-label={t("retryAllWith", props.code)}
          onClick={() => props.onRetry()}
        >
          {t("retryAll")}
        </button>
      </Show>
    </li>
  );
}

function Row(props: {
  failure: Failure;
  busy: boolean;
  onRetry: () => void;
  otherwise: () => HTMLElement | undefined;
}): JSX.Element {
  let row: HTMLLIElement | undefined;
  passFocus(() => row, props.otherwise);
  const where = () => {
    const { kind, index, worker, attempts } = props.failure;
    return [
      kind && (kind === "encode" ? t("failedChunk", (index ?? 0) + 1) : t("failedIn")[kind]),
      worker && t("onWorker", worker),
      attempts > 1 && t("attempts", attempts),
    ]
      .filter(Boolean)
      .join(" · ");
  };
  return (
    <li
      ref={row}
      class="grid gap-3 border-t-3 border-ink p-4 first:border-t-0 md:grid-cols-[minmax(0,1fr)_auto] md:items-center"
    >
      <div class="grid min-w-0 gap-1">
        <A
          href={`/videos/${encodeURIComponent(props.failure.videoId)}`}
          dir="auto"
          class="text-title leading-tight font-bold wrap-anywhere underline-offset-4 hover:underline hover:decoration-3"
        >
          {props.failure.title}
        </A>
        <p class="wrap-anywhere">
          {failureText({ code: props.failure.code, message: props.failure.reason })}
        </p>
        <p class="number wrap-anywhere text-mute">
          {`${props.failure.owner.email} · ${where() ? `${where()} · ` : ""}`}
          <Ago at={props.failure.failedAt} />
        </p>
      </div>
      <Show when={retryHelps(props.failure.code)} fallback={<p class="label">{t("needsFile")}</p>}>
        <button
          type="button"
          class="button justify-self-start"
          aria-disabled={props.busy}
          aria-label={t("retryOf", props.failure.title)}
          onClick={() => props.onRetry()}
        >
          {common("retry")}
        </button>
      </Show>
    </li>
  );
}
