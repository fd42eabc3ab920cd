/** The users: a table, on a phone cards; search as one types, invitation, and what may be changed of each. */

import { Key } from "@solid-primitives/keyed";
import type { AdminUser } from "@storagex/contract/accounts/account";
import { createSignal, For, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { adminUsersKey } from "../api/cache.ts";
import { adminListUsers } from "../api/calls/users.ts";
import { useInfiniteQuery } from "../api/query.ts";
import { t } from "../messages/admin.ts";
import { Ago } from "../ui/Ago.tsx";
import { Breakable } from "../ui/Breakable.tsx";
import { formatLimit, formatSize } from "../ui/format.ts";
import { MoreButton } from "../ui/MoreButton.tsx";
import { passFocus } from "../ui/pass-focus.ts";
import { Reason } from "../ui/Reason.tsx";
import { InviteUser } from "./InviteUser.tsx";
import { ManageUser } from "./ManageUser.tsx";

type Page = Awaited<ReturnType<typeof adminListUsers>>;
const TYPED_MS = 250;

export function Users(): JSX.Element {
  const [words, setWords] = createSignal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const search = (text: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => setWords(text.trim()), TYPED_MS);
  };
  const pages = useInfiniteQuery(() => ({
    queryKey: adminUsersKey(words()),
    queryFn: ({ pageParam }: { pageParam: string | null }) => adminListUsers(words(), pageParam),
    initialPageParam: null,
    getNextPageParam: (page: Page) => page.nextCursor,
    // The old list stays until the next search has its answer.
    placeholderData: (before: { pages: Page[]; pageParams: (string | null)[] } | undefined) => before,
  }));
  let field: HTMLInputElement | undefined;
  const users = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="users-title" class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="users-title" class="headline text-large">
        {t("users")}
      </h2>
      <div class="flex flex-wrap items-center gap-4">
        <input
          ref={field}
          type="search"
          aria-label={t("searchUsers")}
          placeholder={t("emailOrName")}
          maxlength="200"
          class="frame field min-h-11 min-w-0 grow px-3"
          onInput={(event) => search(event.currentTarget.value)}
        />
        <InviteUser />
      </div>
      <Switch
        fallback={<div class="hatch h-48 border-3 border-ink" role="status" aria-label={t("loadingUsers")} />}
      >
        <Match when={pages.isError && !pages.data}>
          <Reason message={reasonOf(pages.error)} />
        </Match>
        <Match when={pages.data && users().length === 0}>
          <p class="hatch border-3 border-ink p-6">
            <span class="frame inline-block p-3 font-bold wrap-anywhere">{t("noUsersMatch", words())}</span>
          </p>
        </Match>
        <Match when={pages.data}>
          <Table users={users()} otherwise={() => field} />
        </Match>
      </Switch>
      <MoreButton pages={pages} />
    </section>
  );
}

const HEADS = ["user", "role", "videos", "stored", "joined"] as const;

function Table(props: { users: AdminUser[]; otherwise: () => HTMLElement | undefined }): JSX.Element {
  return (
    <table class="w-full border-3 border-ink max-lg:block">
      <caption class="sr-only">{t("usersCaption")}</caption>
      <thead class="label bg-ink text-left text-paper max-lg:sr-only">
        <tr>
          <For each={HEADS}>
            {(name) => (
              <th
                scope="col"
                class="p-3"
                classList={{ "text-right": name === "videos" || name === "stored" }}
              >
                {t(name)}
              </th>
            )}
          </For>
          <th scope="col" class="p-3">
            <span class="sr-only">{t("manage")}</span>
          </th>
        </tr>
      </thead>
      <tbody class="max-lg:block">
        {/* By id: a row stays, and what is open in it, when the list is read again. */}
        <Key each={props.users} by="id">
          {(user) => <Row user={user()} otherwise={props.otherwise} />}
        </Key>
      </tbody>
    </table>
  );
}

function Row(props: { user: AdminUser; otherwise: () => HTMLElement | undefined }): JSX.Element {
  let row: HTMLTableRowElement | undefined;
  passFocus(() => row, props.otherwise);
  const state = () => (props.user.disabled ? t("disabled") : props.user.invited ? t("invited") : undefined);
  const stored = () => {
    const { storage, quotaBytes } = props.user;
    return quotaBytes
      ? t("storedOf", formatSize(storage.used), formatLimit(quotaBytes))
      : formatSize(storage.used);
  };
  return (
    <tr
      ref={row}
      class="border-t-3 border-ink first:border-t-0 max-lg:flex max-lg:flex-wrap max-lg:items-center max-lg:gap-x-4 max-lg:gap-y-2 max-lg:p-4"
      classList={{ "text-mute": props.user.disabled }}
    >
      <th scope="row" class="p-3 text-left font-bold max-lg:w-full max-lg:p-0">
        <span class="mr-2 wrap-anywhere">
          <Breakable text={props.user.email} />
        </span>
        <Show when={state()}>
          {(word) => <span class="label inline-block border-3 border-current px-1.5 py-0.5">{word()}</span>}
        </Show>
        <Show when={props.user.name}>
          {(name) => (
            <span dir="auto" class="block font-medium wrap-anywhere">
              {name()}
            </span>
          )}
        </Show>
      </th>
      <Cell>{t(props.user.role === "admin" ? "roleAdmin" : "user")}</Cell>
      <Cell unit={t("videosUnit", props.user.videos)} isNumber>
        {props.user.videos}
      </Cell>
      <Cell unit={t("storedUnit")} isNumber>
        {stored()}
      </Cell>
      <Cell>
        <Ago at={props.user.createdAt} />
      </Cell>
      <td class="p-3 text-right max-lg:ml-auto max-lg:p-0">
        <ManageUser user={props.user} />
      </td>
    </tr>
  );
}

/** `unit`: said on a phone, where the columns have no heads. */
function Cell(props: { unit?: string; isNumber?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <td class="number p-3 max-lg:p-0" classList={{ "lg:text-right": props.isNumber ?? false }}>
      <span class="whitespace-nowrap">{props.children}</span>
      <Show when={props.unit}>
        <span class="lg:hidden">{` ${props.unit}`}</span>
      </Show>
    </td>
  );
}
