/** The users as a table; on a phone each user becomes rows of label and value. */
import type { AdminUser } from "@storagex/contract/account";
import { useInfiniteQuery } from "@tanstack/solid-query";
import { createSignal, For, type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { adminUsersKey } from "../api/cache.ts";
import { me } from "../api/session.ts";
import { adminListUsers } from "../api/users.ts";
import { Ago } from "../ui/Ago.tsx";
import { formatSize } from "../ui/format.ts";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason } from "../ui/Reason.tsx";
import { DeleteUser } from "./DeleteUser.tsx";

type Page = Awaited<ReturnType<typeof adminListUsers>>;

export function Users(): JSX.Element {
  const [words, setWords] = createSignal("");
  const pages = useInfiniteQuery(() => ({
    queryKey: adminUsersKey(words()),
    queryFn: ({ pageParam }: { pageParam: string | null }) => adminListUsers(words(), pageParam),
    initialPageParam: null,
    getNextPageParam: (page: Page) => page.nextCursor,
  }));
  const users = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="users-title" class="grid gap-4">
      <div class="flex flex-wrap items-end justify-between gap-3">
        <h2 id="users-title" class="headline text-large">
          Users
        </h2>
        <input
          type="search"
          aria-label="Search users by e-mail or name"
          placeholder="E-mail or name"
          maxlength="200"
          class="frame min-h-11 w-full px-3 sm:w-72"
          onChange={(event) => setWords(event.currentTarget.value.trim())}
        />
      </div>
      <Show when={pages.isError}>
        <Reason message={reasonOf(pages.error)} />
      </Show>
      <Show when={pages.data} fallback={<div class="hatch h-32 border-3 border-ink" />}>
        <table class="w-full border-3 border-ink max-md:block">
          <caption class="sr-only">Users with their role, videos and storage</caption>
          <thead class="label bg-ink text-left text-paper max-md:sr-only">
            <tr>
              <For each={["E-mail", "Name", "Role", "Videos", "Stored", "Since", ""]}>
                {(name) => (
                  <th scope="col" class="p-3">
                    {name || <span class="sr-only">Delete</span>}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody class="max-md:block">
            <For each={users()}>{(user) => <Row user={user} />}</For>
          </tbody>
        </table>
      </Show>
      <MoreButton pages={pages} />
    </section>
  );
}

function Row(props: { user: AdminUser }): JSX.Element {
  const cells = (): [string, JSX.Element][] => [
    ["E-mail", props.user.email],
    ["Name", props.user.name ?? "–"],
    ["Role", props.user.role],
    ["Videos", props.user.videos],
    ["Stored", formatSize(props.user.storage.used)],
    ["Since", <Ago at={props.user.createdAt} />],
  ];
  return (
    <tr class="border-t-3 border-ink first:border-t-0 max-md:block max-md:py-2">
      <For each={cells()}>
        {([label, value]) => (
          <td class="number p-3 wrap-anywhere max-md:grid max-md:grid-cols-[96px_1fr] max-md:gap-3 max-md:py-1">
            <span class="label text-mute md:hidden">{label}</span>
            <span>{value}</span>
          </td>
        )}
      </For>
      <td class="p-3 text-right max-md:block max-md:text-left">
        <Show when={props.user.id !== me()?.id}>
          <DeleteUser user={props.user} />
        </Show>
      </td>
    </tr>
  );
}
