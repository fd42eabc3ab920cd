/** The links of a video: copy, embed, see how often each was watched, revoke. */
import type { Share } from "@storagex/contract/sharing";
import type { Video } from "@storagex/contract/video";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { deleteShare } from "../api/sharing.ts";
import { Reason } from "../ui/Reason.tsx";
import { CopyField } from "./CopyField.tsx";
import { embedCode } from "./embed-code.ts";

export function ShareList(props: {
  video: Video;
  shares: readonly Share[];
  onRevoked: (id: string) => void;
}): JSX.Element {
  return (
    <ul class="grid gap-4">
      <For each={props.shares}>
        {(share) => <Item share={share} video={props.video} onRevoked={() => props.onRevoked(share.id)} />}
      </For>
    </ul>
  );
}

function Item(props: { share: Share; video: Video; onRevoked: () => void }): JSX.Element {
  const [asks, setAsks] = createSignal(false);
  const [embeds, setEmbeds] = createSignal(false);
  const revoke = createAct(async () => {
    await deleteShare(props.video.id, props.share.id);
    props.onRevoked();
  });
  return (
    <li class="grid gap-3 border-3 border-ink p-4">
      <p class="flex flex-wrap items-baseline justify-between gap-x-4">
        <strong class="min-w-0 break-words" dir="auto">
          {props.share.label ?? "Link"}
        </strong>
        <span class="number text-mute">{about(props.share)}</span>
      </p>
      <CopyField label="Link" text={props.share.url} />
      <Show when={embeds()}>
        <CopyField label="Embed code" text={embedCode(props.share.embedUrl, props.video)} />
        {/* A player that only named sites may frame cannot be shown here. */}
        <Show when={props.share.embedOrigins.length === 0}>
          <iframe
            src={new URL(props.share.embedUrl).pathname}
            title="Preview of the embedded player"
            class="aspect-video w-full border-3 border-ink"
            loading="lazy"
          />
        </Show>
      </Show>
      <Show
        when={asks()}
        fallback={
          <div class="flex flex-wrap gap-3">
            <button type="button" class="key" aria-expanded={embeds()} onClick={() => setEmbeds(!embeds())}>
              Embed
            </button>
            <button type="button" class="key key-fail" onClick={() => setAsks(true)}>
              Revoke…
            </button>
          </div>
        }
      >
        <p role="alert">Nobody can watch by this link any more, and it cannot be brought back.</p>
        <div class="flex flex-wrap gap-3">
          <button
            type="button"
            class="key key-fail-full"
            disabled={revoke.busy()}
            onClick={() => revoke.run()}
          >
            Revoke link
          </button>
          <button type="button" class="key" onClick={() => setAsks(false)}>
            Cancel
          </button>
        </div>
      </Show>
      <Show when={revoke.failure()}>
        {(failure) => <Reason message={failure().message} code={failure().code} />}
      </Show>
    </li>
  );
}

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

function about({ views, hasPassword, allowDownload, expiresAt }: Share): string {
  const isOver = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return [
    views === 1 ? "1 view" : `${views} views`,
    hasPassword ? "password" : "",
    allowDownload ? "download" : "",
    expiresAt === null ? "" : isOver ? "expired" : `until ${day.format(new Date(expiresAt))}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
