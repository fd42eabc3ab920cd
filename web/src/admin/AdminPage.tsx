/**
 * The frame of the administration's pages: what runs, users, all videos, who did what. The API decides who may see them; this
 * page only shows its refusal.
 */
import { Title } from "@solidjs/meta";
import { A, useLocation } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { me } from "../api/session.ts";
import { t } from "../messages/admin.ts";
import { t as common } from "../messages/common.ts";
import { NotFound } from "../shell/NotFound.tsx";
import { SignedIn } from "../shell/SignedIn.tsx";

const PAGES = [
  ["/admin", "overview"],
  ["/admin/users", "users"],
  ["/admin/videos", "videos"],
  ["/admin/audit", "audit"],
] as const;

export function AdminPage(props: { title: string; children: JSX.Element }): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", props.title)}</Title>
      <SignedIn
        skeleton={
          <main class="gutter grid gap-8 py-6 md:py-8">
            <Head />
            <div class="hatch h-48 border-3 border-ink" />
          </main>
        }
      >
        <Show
          when={me()?.role === "admin"}
          fallback={<NotFound what={t("notForYou")} why={t("notForYouWhy")} />}
        >
          <main class="gutter grid grid-cols-[minmax(0,1fr)] gap-8 py-6 pb-32 md:gap-10 md:py-8 md:pb-32">
            <Head />
            {props.children}
          </main>
        </Show>
      </SignedIn>
    </>
  );
}

function Head(): JSX.Element {
  const location = useLocation();
  return (
    <div class="flex flex-wrap items-end justify-between gap-4">
      <h1 class="headline text-phone md:text-giant">{t("title")}</h1>
      <nav aria-label={t("sections")} class="flex border-3 border-ink max-sm:w-full">
        <For each={PAGES}>
          {([path, name]) => (
            <A
              href={path}
              class="label flex min-h-11 items-center border-l-3 border-ink px-4 max-sm:grow max-sm:justify-center max-sm:px-1 max-[23rem]:text-[0.6875rem] first:border-l-0 hover:bg-signal hover:text-black focus-visible:-outline-offset-6 aria-[current=page]:bg-ink aria-[current=page]:text-paper aria-[current=page]:focus-visible:outline-paper"
              aria-current={location.pathname === path ? "page" : undefined}
            >
              {t(name)}
            </A>
          )}
        </For>
      </nav>
    </div>
  );
}
