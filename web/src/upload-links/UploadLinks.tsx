/** The page of upload links: by them others upload to one's account. */
import { Key } from "@solid-primitives/keyed";
import type { ListedUploadLink, UploadLinkPage } from "@storagex/contract/uploads/upload-links";
import { type JSX, Show } from "solid-js";
import { reasonOf } from "../api/api-error.ts";
import { queryClient } from "../api/cache.ts";
import { deleteUploadLink, listUploadLinks } from "../api/calls/upload-links.ts";
import { useInfiniteQuery } from "../api/query.ts";
import { KeyItem } from "../keys/KeyItem.tsx";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/upload-links.ts";
import { CopyField } from "../sharing/CopyField.tsx";
import { formatLimit, formatMinute, formatNumber } from "../ui/format.ts";
import { MoreButton } from "../ui/MoreButton.tsx";
import { Reason } from "../ui/Reason.tsx";
import { unbroken } from "../ui/unbroken.ts";
import { NewUploadLink } from "./NewUploadLink.tsx";

const LINKS = ["upload-links"];

/** Head and explanation; what the server sends. */
export function UploadLinksFrame(props: { children?: JSX.Element }): JSX.Element {
  return (
    <main class="gutter grid gap-7 py-6 pb-32 md:py-8 md:pb-32">
      <h1 class="headline text-phone md:text-giant">{t("title")}</h1>
      <div class="key-page">
        <p>{t("help")}</p>
        {props.children}
      </div>
    </main>
  );
}

export function UploadLinks(): JSX.Element {
  let heading: HTMLHeadingElement | undefined;
  const pages = useInfiniteQuery(() => ({
    queryKey: LINKS,
    queryFn: ({ pageParam }: { pageParam: string | null }) => listUploadLinks(pageParam),
    initialPageParam: null,
    getNextPageParam: (page: UploadLinkPage) => page.nextCursor,
  }));
  const links = () => pages.data?.pages.flatMap((page) => page.items) ?? [];
  const reread = () => queryClient.invalidateQueries({ queryKey: LINKS });
  return (
    <UploadLinksFrame>
      <section class="frame grid gap-4 p-5 shadow-drop" aria-labelledby="new-upload-link">
        <h2 ref={heading} id="new-upload-link" tabindex="-1" class="headline text-large">
          {t("newLink")}
        </h2>
        <NewUploadLink onMade={() => void reread()} />
      </section>
      <Show when={links().length > 0}>
        <section class="grid gap-4" aria-labelledby="upload-links">
          <h2 id="upload-links" class="headline text-large">
            {t("links")}
          </h2>
          <ul class="grid gap-4">
            <Key each={links()} by="id">
              {(link) => (
                <Item
                  link={link()}
                  onDeleted={() => {
                    void reread();
                    heading?.focus();
                  }}
                />
              )}
            </Key>
          </ul>
          <MoreButton pages={pages} />
        </section>
      </Show>
      <Show when={pages.isError}>
        <Reason message={reasonOf(pages.error)}>
          <button type="button" class="button mt-4" onClick={() => void pages.refetch()}>
            {common("retry")}
          </button>
        </Reason>
      </Show>
    </UploadLinksFrame>
  );
}

function Item(props: { link: ListedUploadLink; onDeleted: () => void }): JSX.Element {
  const name = () => props.link.title ?? t("untitled");
  const facts = () => {
    const { used, maxUploads, maxBytes, expiresAt, tags, externalId } = props.link;
    const ends = Date.parse(expiresAt);
    return [
      t("used", formatNumber(used), formatNumber(maxUploads)),
      t(ends < Date.now() ? "ended" : "ends", formatMinute(ends)),
      ...(maxBytes === null ? [] : [t("upTo", formatLimit(maxBytes))]),
      ...tags,
      ...(externalId === null ? [] : [externalId]),
    ]
      .map(unbroken)
      .join(" · ");
  };
  const isOver = () =>
    Date.parse(props.link.expiresAt) < Date.now() || props.link.used >= props.link.maxUploads;
  return (
    <KeyItem
      name={name()}
      deleteAsk={t("revokeDots")}
      deleteOf={t("revokeOf", name())}
      deletionAsk={t("revokeAsk")}
      deletionEnds={t("revokeEnds")}
      deleteLabel={t("revoke")}
      onDelete={() => deleteUploadLink(props.link.id)}
      onDeleted={props.onDeleted}
      below={
        <Show when={!isOver()}>
          <Show when={props.link.url} fallback={<p class="text-small">{common("linkNotShown")}</p>}>
            {(url) => <CopyField label={t("link")} text={url()} />}
          </Show>
        </Show>
      }
    >
      <p class="number wrap-anywhere text-mute">{facts()}</p>
    </KeyItem>
  );
}
