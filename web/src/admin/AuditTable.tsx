/** The rows of the audit log; an account's address leads to everything about it. */
import { Key } from "@solid-primitives/keyed";
import { A } from "@solidjs/router";
import type { AuditEntry } from "@storagex/contract/accounts/audit-log";
import { For, type JSX, Show } from "solid-js";
import { t } from "../messages/admin.ts";
import { Breakable } from "../ui/Breakable.tsx";
import { formatExact } from "../ui/format.ts";

const HEADS = ["when", "who", "what", "target", "client"] as const;

export function AuditTable(props: { entries: AuditEntry[] }): JSX.Element {
  return (
    <table class="w-full border-3 border-ink max-md:block">
      <caption class="sr-only">{t("auditCaption")}</caption>
      <thead class="label bg-ink text-left text-paper max-md:sr-only">
        <tr>
          <For each={HEADS}>
            {(name) => (
              <th scope="col" class="p-3">
                {t(name)}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody class="max-md:block">
        <Key each={props.entries} by="id">
          {(entry) => <Row entry={entry()} />}
        </Key>
      </tbody>
    </table>
  );
}

const CELL = "p-3 wrap-anywhere max-md:p-0";

function Row(props: { entry: AuditEntry }): JSX.Element {
  const from = () => [props.entry.address, props.entry.client].filter(Boolean).join(" · ");
  return (
    <tr class="border-t-3 border-ink align-top first:border-t-0 max-md:grid max-md:gap-1 max-md:p-4">
      <td class={`${CELL} number md:w-32 lg:w-52`}>
        <time datetime={props.entry.at}>{formatExact(Date.parse(props.entry.at))}</time>
      </td>
      <td class={`${CELL} md:min-w-40`}>
        <Actor actor={props.entry.actor} />
      </td>
      <th scope="row" class={`${CELL} text-left font-bold max-md:order-first`}>
        {t("acts")[props.entry.action]}
      </th>
      <td class={`${CELL} max-md:before:content-['→_']`}>
        <Target target={props.entry.target} />
      </td>
      <td class={`${CELL} number text-mute max-md:empty:hidden`} title={props.entry.userAgent ?? undefined}>
        {from()}
      </td>
    </tr>
  );
}

function Actor(props: { actor: AuditEntry["actor"] }): JSX.Element {
  const other = () => (props.actor.kind === "operator" ? t("operator") : t("system"));
  return (
    <>
      <Show when={props.actor.account} fallback={other()}>
        {(account) => <Account account={account()} />}
      </Show>
      <Show when={props.actor.keyId}>
        {(key) => <span class="number block text-mute">{t("byKey", key())}</span>}
      </Show>
    </>
  );
}

function Target(props: { target: AuditEntry["target"] }): JSX.Element {
  const { kind } = props.target;
  return (
    <Show
      when={kind !== "account"}
      fallback={<Account account={{ id: props.target.id, email: props.target.owner?.email ?? null }} />}
    >
      <span>{`${t("targets")[kind]} `}</span>
      <Show
        when={kind === "video" && props.target.name}
        fallback={
          <span class="number" dir="auto">
            {props.target.name ?? props.target.id}
          </span>
        }
      >
        {(title) => (
          <A
            href={`/videos/${encodeURIComponent(props.target.id)}`}
            dir="auto"
            class="font-bold underline underline-offset-4"
          >
            {title()}
          </A>
        )}
      </Show>
      <Show when={props.target.owner?.email}>
        {(email) => <span class="block text-mute">{t("ofAccount", email())}</span>}
      </Show>
    </Show>
  );
}

/** By its id: an address may belong to another account later. */
function Account(props: { account: { id: string; email: string | null } }): JSX.Element {
  return (
    <A
      href={`/admin/audit?account=${encodeURIComponent(props.account.id)}`}
      class="underline underline-offset-4 wrap-anywhere"
    >
      <Breakable text={props.account.email ?? t("deletedAccount", props.account.id)} />
    </A>
  );
}
