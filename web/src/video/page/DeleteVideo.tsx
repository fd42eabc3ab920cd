/** Deletion of a video: says what will be lost and shows the video's name. */
import type { Video } from "@storagex/contract/videos/video";
import type { JSX } from "solid-js";
import { createAct } from "../../api/act.ts";
import { dropVideo } from "../../api/cache.ts";
import { abortUpload } from "../../api/calls/unfinished-uploads.ts";
import { deleteVideo } from "../../api/calls/videos.ts";
import { refreshMe } from "../../api/session.ts";
import { offerUndo, UNDO_SECONDS } from "../../library/card/card-acts.ts";
import { t } from "../../messages/video.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { DeletionFoot } from "../../ui/form/DeletionFoot.tsx";
import { formatSize } from "../../ui/format.ts";

/** `onDeleted` leaves the page. */
export function DeleteVideo(props: {
  video: Video;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDeleted: () => void;
}): JSX.Element {
  const remove = createAct(async () => {
    const { id, title } = props.video;
    const isUpload = isOpenUpload(props.video);
    await (isUpload ? abortUpload(id) : deleteVideo(id, UNDO_SECONDS));
    props.onOpenChange(false);
    props.onDeleted();
    dropVideo(id);
    if (!isUpload) offerUndo(t("deletedTitle", title), [id]);
    await refreshMe();
  });
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t("deletionAsk")}>
      <p dir="auto" class="text-title leading-snug font-bold wrap-anywhere">
        {props.video.title}
      </p>
      <p class="mt-3">
        {[
          whatIsGone(props.video),
          t("frees", formatSize(props.video.size)),
          t(isOpenUpload(props.video) ? "noUndo" : "undo"),
        ].join(" ")}
      </p>
      <DeletionFoot
        failure={remove.failure()}
        busy={remove.busy()}
        label={t("deleteVideo")}
        onDelete={remove.run}
        onKeep={() => props.onOpenChange(false)}
      />
    </Dialog>
  );
}

/** Ended as what it is; an import is deleted like any video. */
const isOpenUpload = ({ status, origin }: Video) => status === "pending_upload" && origin !== "import";

function whatIsGone(video: Video): string {
  if (isOpenUpload(video)) return t("endsUpload");
  if (video.status === "pending_upload") return t("endsImport");
  if (video.status === "completed" || video.status === "failed") return t("removesAll");
  return t("stopsWorkers");
}
