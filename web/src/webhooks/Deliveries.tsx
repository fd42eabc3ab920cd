/** What was sent to a webhook last, how it ended, and sending it again. Read when it is opened. */
import { Key } from "@solid-primitives/keyed";
import type { Delivery } from "@storagex/contract/webhooks";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { reasonOf } from "../api/api-error.ts";
import { useQuery } from "../api/query.ts";
import { listDeliveries, redeliver } from "../api/webhooks.ts";
import { t } from "../messages/webhooks.ts";
import { Ago } from "../ui/Ago.tsx";
import { formatMinute } from "../ui/format.ts";
import { Reason, ReasonOf } from "../ui/Reason.tsx";

/** While something waits to be sent soon, milliseconds. */
const POLL_MS = 2_000;
const SEPARATOR = "\u00a0· ";

export function Deliveries(props: { webhookId: string; enabled: boolean; sent: number }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const query = useQuery(() => ({
    queryKey: ["webhooks", props.webhookId, "deliveries"],
    queryFn: () => listDeliveries(props.webhookId),
    enabled: open(),
    refetchInterval: ({ state }) => (state.data?.items.some(isSoon) ? POLL_MS : false),
  }));
  createEffect(
    on(
      () => props.sent,
      () => open() && void query.refetch(),
      { defer: true },
    ),
  );
  const items = () => query.data?.items;
  return (
    <details class="border-t-3 border-ink pt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="min-h-11 cursor-pointer content-center font-bold">{t("deliveries")}</summary>
      <Show when={query.isError}>
        <Reason message={reasonOf(query.error)} />
      </Show>
      <Show when={items()} keyed={false}>
        {(list) => (
          <Show when={list().length > 0} fallback={<p>{t("noDeliveries")}</p>}>
            <ul class="grid">
              <Key each={list()} by="id">
                {(delivery) => (
                  <DeliveryItem
                    webhookId={props.webhookId}
                    delivery={delivery()}
                    canSend={props.enabled}
                    onSent={() => void query.refetch()}
                  />
                )}
              </Key>
            </ul>
          </Show>
        )}
      </Show>
    </details>
  );
}

const SOON_MS = 60_000;
const isSoon = ({ nextAttemptAt }: Delivery) =>
  nextAttemptAt !== null && Date.parse(nextAttemptAt) < Date.now() + SOON_MS;

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
          class="fold-key"
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
