/** The card of one's own video: its upload while it runs, its preview, its menu, its box for selecting. */
import type { Video } from "@storagex/contract/videos/video";
import { createEffect, type JSX, on, Show } from "solid-js";
import { t } from "../../messages/library.ts";
import { toast } from "../../ui/toasts/toasts.ts";
import { askToCancel, askToCancelTicket } from "../../upload/actions.ts";
import { statusOfUpload } from "../../upload/status/current-status.ts";
import { uploadFacts } from "../../upload/status/upload-status.ts";
import { CancelUpload } from "../../upload/tray/CancelUpload.tsx";
import { createNextAct } from "../../video/next-act.ts";
import { VideoCard } from "../../video/VideoCard.tsx";
import type { Selection } from "../selection.ts";
import { createStoredBytes, unfinishedStatus } from "../unfinished.ts";
import { view } from "../view.ts";
import type { CardDialogState } from "./CardDialog.tsx";
import { HoverPreview } from "./HoverPreview.tsx";
import { MenuButton } from "./MenuButton.tsx";
import { menuItems } from "./menu-items.ts";

const mapped = <A, B>(value: A | undefined, map: (value: A) => B): B | undefined =>
  value === undefined ? undefined : map(value);

export function LibraryCard(props: {
  video: Video;
  selection: Selection;
  onDialog: (dialog: CardDialogState) => void;
}): JSX.Element {
  const next = createNextAct(() => props.video);
  const stored = createStoredBytes(() => props.video);
  const isUnfinished = () =>
    props.video.status === "pending_upload" && props.video.origin === "upload" && !next.upload();
  // Its beginning is encoded while the rest is uploaded. The tray and its own page pause it.
  const watches = () =>
    props.video.status === "pending_upload" &&
    props.video.playable &&
    ["sending", "finishing", undefined].includes(next.upload()?.state);
  createEffect(on(next.failure, (failure) => failure && toast(failure.message), { defer: true }));
  const items = () =>
    menuItems(props.video, {
      onRename: () => props.onDialog({ kind: "rename", video: props.video }),
      onTags: () => props.onDialog({ kind: "tags", video: props.video }),
      onShare: () => props.onDialog({ kind: "share", video: props.video }),
      onSelect: () => props.selection.toggle(props.video.id),
    });
  return (
    <VideoCard
      video={props.video}
      isRow={view() === "list"}
      isSelected={props.selection.has(props.video.id)}
      words={
        mapped(next.upload(), (running) => statusOfUpload(running, watches())) ??
        (watches() ? undefined : mapped(stored(), (bytes) => unfinishedStatus(bytes, props.video.size)))
      }
      facts={mapped(next.upload(), (running) => running.reason ?? uploadFacts(running))}
      onPress={watches() ? undefined : next.press()}
      busy={next.busy()}
      preview={
        <Show when={props.video.status === "completed"}>
          <HoverPreview video={props.video} />
        </Show>
      }
      corner={
        <input
          type="checkbox"
          class="card-check"
          tabindex={-1}
          checked={props.selection.has(props.video.id)}
          aria-label={t("selectOf", props.video.title)}
          onClick={(event) => props.selection.toggle(props.video.id, event.shiftKey)}
        />
      }
    >
      <Show when={next.upload()}>
        {(running) => <CancelUpload name={running().name} onPress={() => askToCancel(running())} />}
      </Show>
      <Show when={isUnfinished()}>
        <CancelUpload
          name={props.video.title}
          onPress={() => askToCancelTicket(props.video, stored() ?? 0)}
        />
      </Show>
      <Show when={!isUnfinished() && !next.upload()}>
        <MenuButton title={props.video.title} items={items()} />
      </Show>
    </VideoCard>
  );
}
