/** A webhook in the list: what it is told, whether it is on, and what can be done with it. */
import type { Webhook } from "@storagex/contract/webhooks";
import { createSignal, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { deleteWebhook, rotateWebhook, testWebhook, updateWebhook } from "../api/calls/webhooks.ts";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/webhooks.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { DeletionFoot } from "../ui/form/DeletionFoot.tsx";
import { ReasonOf } from "../ui/Reason.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { Secret } from "./Secret.tsx";

/** With `webhook.test`, which is sent on request only. */
const ALL = 9;

export function WebhookItem(props: {
  webhook: Webhook;
  onChanged: (webhook: Webhook) => void;
  onDeleted: () => void;
}): JSX.Element {
  const [secret, setSecret] = createSignal<string>();
  const [sent, setSent] = createSignal(0);
  const id = () => props.webhook.id;
  const test = createAct(async () => {
    await testWebhook(id());
    setSent((times) => times + 1);
  });
  const toggle = createAct(async () =>
    props.onChanged(await updateWebhook(id(), { enabled: !props.webhook.enabled })),
  );
  const rotate = createAct(async () => setSecret((await rotateWebhook(id())).secret));
  const state = () => (props.webhook.enabled ? "on" : (props.webhook.disabledReason ?? "off"));
  return (
    <li class="grid gap-4 border-3 border-ink p-4">
      <div class="grid min-w-0 gap-1">
        <strong class="wrap-anywhere">{props.webhook.url}</strong>
        <Show when={props.webhook.description}>
          <p class="wrap-anywhere" dir="auto">
            {props.webhook.description}
          </p>
        </Show>
        <p class="number wrap-anywhere text-mute">
          {props.webhook.events.length === ALL ? t("allEvents") : props.webhook.events.join(", ")}
        </p>
        <p
          class={
            props.webhook.enabled
              ? "label mt-1 w-fit border-3 border-ink bg-signal px-2 py-1 text-black"
              : "border-l-[6px] border-fail pl-2 font-bold"
          }
        >
          {t("states")[state()]}
        </p>
      </div>
      <div class="acts">
        <Show when={props.webhook.enabled}>
          <button type="button" class="act" aria-disabled={test.busy()} onClick={() => test.run()}>
            <span aria-live="polite">{t(sent() > 0 ? "testSent" : "test")}</span>
          </button>
        </Show>
        <button type="button" class="act" aria-disabled={toggle.busy()} onClick={() => toggle.run()}>
          {t(props.webhook.enabled ? "disable" : "enable")}
        </button>
        <button type="button" class="act" aria-disabled={rotate.busy()} onClick={() => rotate.run()}>
          {t("rotate")}
        </button>
        <Deletion webhook={props.webhook} onDeleted={props.onDeleted} />
      </div>
      <ReasonOf failure={test.failure() ?? toggle.failure() ?? rotate.failure()} />
      <Show when={secret()} keyed>
        {(text) => <Secret text={text} note={`${t("copySecret")} ${t("rotated")}`} />}
      </Show>
      <Deliveries webhookId={id()} enabled={props.webhook.enabled} sent={sent()} />
    </li>
  );
}

function Deletion(props: { webhook: Webhook; onDeleted: () => void }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const remove = createAct(async () => {
    await deleteWebhook(props.webhook.id);
    setOpen(false);
    props.onDeleted();
  });
  return (
    <>
      <button
        type="button"
        class="act"
        aria-label={t("deleteOf", props.webhook.url)}
        onClick={() => setOpen(true)}
      >
        {common("deleteAsk")}
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title={t("deletionAsk")}>
        <p class="text-title leading-snug font-bold wrap-anywhere">{props.webhook.url}</p>
        <p class="mt-3">{t("deletionEnds")}</p>
        <DeletionFoot
          failure={remove.failure()}
          busy={remove.busy()}
          label={t("delete")}
          onDelete={() => remove.run()}
          onKeep={() => setOpen(false)}
        />
      </Dialog>
    </>
  );
}
