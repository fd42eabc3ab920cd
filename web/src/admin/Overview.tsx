/** What there is to run: queue, workers, failures. Read every three seconds while somebody looks. */

import { type JSX, Match, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { readQueue, readWorkers } from "../api/calls/operators.ts";
import { useQuery } from "../api/query.ts";
import { t } from "../messages/admin.ts";
import { Reason } from "../ui/Reason.tsx";
import { Failures } from "./Failures.tsx";
import { QueuePanel } from "./QueuePanel.tsx";
import { Workers } from "./Workers.tsx";

/** The API reads both at most every two seconds, however many administrators look. */
const EVERY_MS = 3_000;

export function Overview(): JSX.Element {
  const queue = useQuery(() => ({ queryKey: ["queue"], queryFn: readQueue, refetchInterval: EVERY_MS }));
  const workers = useQuery(() => ({
    queryKey: ["workers"],
    queryFn: readWorkers,
    refetchInterval: EVERY_MS,
  }));
  return (
    <>
      <Switch
        fallback={<div class="hatch h-72 border-3 border-ink" role="status" aria-label={t("loadingQueue")} />}
      >
        <Match when={queue.isError && !queue.data}>
          <Reason message={reasonOf(queue.error)} />
        </Match>
        <Match when={queue.data}>{(found) => <QueuePanel queue={found()} />}</Match>
      </Switch>
      <Switch
        fallback={
          <div class="hatch h-48 border-3 border-ink" role="status" aria-label={t("loadingWorkers")} />
        }
      >
        <Match when={workers.isError && !workers.data}>
          <Reason message={reasonOf(workers.error)} />
        </Match>
        <Match when={workers.data}>{(found) => <Workers workers={found().items} />}</Match>
      </Switch>
      <Failures />
    </>
  );
}
