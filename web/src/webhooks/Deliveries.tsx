/** What was sent to a webhook last, how it ended, and sending it again. Read when it is opened. */
import { Key } from "@solid-primitives/keyed";
import type { Delivery, DeliveryPage } from "@storagex/contract/webhooks";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { reasonOf } from "../api/api-error.ts";
import { listDeliveries, redeliver } from "../api/calls/webhooks.ts";
import { useInfiniteQuery } from "../api/query.ts";
import { t } from "../messages/webhooks.ts";
import { Ago } from "../ui/Ago.tsx";
import { formatMinute } from "../ui/format.ts";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason, ReasonOf } from "../ui/Reason.tsx";
import { pollEvery } from "./poll-deliveries.ts";

const SEPARATOR = "\u00a0· ";

export function Deliveries(props: { webhookId: string; enabled: boolean; sent: number }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const pages = useInfiniteQuery<DeliveryPage, string | null>(() => ({
    queryKey: ["webhooks", props.webhookId, "deliveries"],
    queryFn: ({ pageParam }) => listDeliveries(props.webhookId, pageParam),
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: open(),
    refetchInterval: ({ state }) => pollEvery(props.enabled, all(state.data)),
  }));
  createEffect(
    on(
      () => props.sent,
      () => open() && void pages.refetch(),
      { defer: true },
    ),
  );
  return (
    <details class="border-t-3 border-ink pt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="min-h-11 cursor-pointer content-center font-bold">{t("deliveries")}</summary>
      <Show when={pages.isError}>
        <Reason message={reasonOf(pages.error)} />
      </Show>
      <Show when={pages.data}>
        <Show when={all(pages.data).length > 0} fallback={<p>{t("noDeliveries")}</p>}>
          <div class="grid gap-3">
            <ul class="grid">
              <Key each={all(pages.data)} by="id">
                {(delivery) => (
                  <DeliveryItem
                    webhookId={props.webhookId}
                    delivery={delivery()}
                    canSend={props.enabled}
                    onSent={() => void pages.refetch()}
                  />
                )}
              </Key>
            </ul>
            <MoreButton pages={pages} />
          </div>
        </Show>
      </Show>
    </details>
  );
}

const all = (list: { pages: DeliveryPage[] } | undefined): Delivery[] =>
  list?.pages.flatMap(({ items }) => items) ?? [];

function DeliveryItem(props: {
  webhookId: string;
  delivery: Delivery;
  canSend: boolean;
  onSent: () => void;
}): JSX.Element {
  const again = createAct(async () => {
    await redeliver(props.webhookId, props.delivery.id);
    props.onSent();
  });
  const last = () => props.delivery.attempts.at(-1);
  return (
    <li class="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 border-t-2 border-ink py-3">
      <div class="min-w-0">
        <p>
          <strong>{t("statuses")[props.delivery.status]}</strong>
          {SEPARATOR}
          <code class="number wrap-anywhere">{props.delivery.type}</code>
        </p>
        <p class="number wrap-anywhere text-mute">
          <Ago at={props.delivery.createdAt} />
          <Show when={last()}>
            {(attempt) => (
              <>
                {SEPARATOR}
                {t("tries", props.delivery.attempts.length)}
                {SEPARATOR}
                {attempt().status ?? attempt().error}
              </>
            )}
          </Show>
          <Show when={props.delivery.attempts.length > 0 && props.delivery.nextAttemptAt}>
            {(at) => (
              <>
                {SEPARATOR}
                {t("next", formatMinute(Date.parse(at())))}
              </>
            )}
          </Show>
        </p>
        <ReasonOf failure={again.failure()} />
      </div>
      <Show when={props.canSend}>
        <button
          type="button"
          class="fold-button"
          aria-label={t("redeliverOf", props.delivery.type)}
          aria-disabled={again.busy()}
          onClick={() => again.run()}
        >
          {t("redeliver")}
        </button>
      </Show>
    </li>
  );
}
