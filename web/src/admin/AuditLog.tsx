/** Who did what to whom, when and from where: filters in the page's address, and a table, on a phone cards. */
import { useSearchParams } from "@solidjs/router";
import type { AuditAction } from "@storagex/contract/accounts/audit";
import type { AuditPage } from "@storagex/contract/accounts/audit-log";
import { createMemo, createUniqueId, For, type JSX, Match, onCleanup, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { type AuditFilter, readAudit } from "../api/calls/operators.ts";
import { useInfiniteQuery } from "../api/query.ts";
import { t } from "../messages/admin.ts";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason } from "../ui/Reason.tsx";
import { AuditTable } from "./AuditTable.tsx";

const TYPED_MS = 250;
type Search = { account?: string; action?: string; from?: string; to?: string };

export function AuditLog(): JSX.Element {
  const [search, setSearch] = useSearchParams<Search>();
  const filter = createMemo(() => filterOf(search));
  const pages = useInfiniteQuery(() => ({
    queryKey: ["audit", filter()],
    queryFn: ({ pageParam }: { pageParam: string | null }) => readAudit(filter(), pageParam),
    initialPageParam: null,
    getNextPageParam: (page: AuditPage) => page.nextCursor,
    // The old list stays until that of the next filter has come.
    placeholderData: (before: { pages: AuditPage[]; pageParams: (string | null)[] } | undefined) => before,
  }));
  const entries = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (parts: Search) => setSearch(parts, { replace: true, scroll: false });
  return (
    <section aria-labelledby="audit-title" class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="audit-title" class="headline text-large">
        {t("auditLog")}
      </h2>
      <p>{t("auditHelp")}</p>
      <Filters search={search} onChange={change} />
      <Switch
        fallback={<div class="hatch h-48 border-3 border-ink" role="status" aria-label={t("loadingAudit")} />}
      >
        <Match when={pages.isError && !pages.data}>
          <Reason message={reasonOf(pages.error)} />
        </Match>
        <Match when={pages.data && entries().length === 0}>
          <p class="hatch border-3 border-ink p-6">
            <span class="frame inline-block p-3 font-bold">{t("nothingAudited")}</span>
          </p>
        </Match>
        <Match when={pages.data}>
          <AuditTable entries={entries()} />
        </Match>
      </Switch>
      <MoreButton pages={pages} />
    </section>
  );
}

/** The filter that the address names. Days are those of the reader's time zone, whole. */
function filterOf({ account, action, from, to }: Search): AuditFilter {
  const known = actions().find((each) => each === action);
  const [since, until] = [timeOf(from, "T00:00:00"), timeOf(to, "T23:59:59.999")];
  return {
    ...(account?.trim() && { account: account.trim() }),
    ...(known && { action: known }),
    ...(since && { from: since }),
    ...(until && { to: until }),
  };
}

const actions = () => Object.keys(t("acts")) as AuditAction[];

function timeOf(day: string | undefined, time: string): string | undefined {
  if (!day || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const at = Date.parse(day + time);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function Filters(props: { search: Search; onChange: (parts: Search) => void }): JSX.Element {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const id = createUniqueId();
  const typed = (account: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => props.onChange({ account }), TYPED_MS);
  };
  return (
    <search>
      <form
        class="grid grid-cols-2 gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]"
        onSubmit={(event) => event.preventDefault()}
      >
        <div class="col-span-2 grid gap-2 sm:col-span-1">
          <label for={`${id}-account`} class="label">
            {t("account")}
          </label>
          <input
            id={`${id}-account`}
            type="search"
            placeholder={t("accountHelp")}
            maxlength="254"
            value={props.search.account ?? ""}
            class="frame min-h-11 w-full min-w-0 px-3"
            onInput={(event) => typed(event.currentTarget.value)}
          />
        </div>
        <div class="col-span-2 grid gap-2 sm:col-span-1">
          <label for={`${id}-action`} class="label">
            {t("action")}
          </label>
          <select
            id={`${id}-action`}
            class="frame label select min-h-11 w-full min-w-0"
            onChange={(event) => props.onChange({ action: event.currentTarget.value })}
          >
            <option value="">{t("allActions")}</option>
            <For each={actions()}>
              {(action) => (
                <option value={action} selected={props.search.action === action}>
                  {t("acts")[action]}
                </option>
              )}
            </For>
          </select>
        </div>
        <For each={["from", "to"] as const}>
          {(end) => (
            <div class="grid gap-2">
              <label for={`${id}-${end}`} class="label">
                {t(end)}
              </label>
              <input
                id={`${id}-${end}`}
                type="date"
                value={props.search[end] ?? ""}
                class="frame number min-h-11 w-full min-w-0 px-3"
                onChange={(event) => props.onChange({ [end]: event.currentTarget.value })}
              />
            </div>
          )}
        </For>
      </form>
    </search>
  );
}
