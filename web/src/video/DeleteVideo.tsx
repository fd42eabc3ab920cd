/** Deletion of a video: says what will be lost and shows the video's name. */
import type { Video } from "@storagex/contract/video";
import { createSignal, type JSX } from "solid-js";
import { createAct } from "../api/act.ts";
import { dropVideo } from "../api/cache.ts";
import { refreshMe } from "../api/session.ts";
import { abortUpload } from "../api/tickets.ts";
import { deleteVideo } from "../api/videos.ts";
import { DeletionFoot } from "../ui/DeletionFoot.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { formatSize } from "../ui/format.ts";

/** `onDeleted` leaves the page. */
export function DeleteVideo(props: { video: Video; onDeleted: () => void }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const remove = createAct(async () => {
    const { id, status } = props.video;
    await (status === "pending_upload" ? abortUpload(id) : deleteVideo(id));
    setOpen(false);
    props.onDeleted();
    dropVideo(id);
    await refreshMe();
  });
  return (
    <section aria-labelledby="delete-title" class="grid gap-3 border-3 border-fail p-4">
      <h2 id="delete-title" class="text-base font-bold">
        Delete this video
      </h2>
      <p class="text-small">{whatIsGone(props.video)} There is no undo.</p>
      <button type="button" class="key key-fail justify-self-start" onClick={() => setOpen(true)}>
        Delete…
      </button>
      <Dialog open={open()} onOpenChange={setOpen} title="Delete it?">
        <p dir="auto" class="text-title leading-snug font-bold wrap-anywhere">
          {props.video.title}
        </p>
        <p class="mt-3">
          {whatIsGone(props.video)} That frees the {formatSize(props.video.size)} of the source, too. There is
          no undo.
        </p>
        <DeletionFoot
          failure={remove.failure()}
          busy={remove.busy()}
          onDelete={remove.run}
          onKeep={() => setOpen(false)}
        />
      </Dialog>
    </section>
  );
}

function whatIsGone(video: Video): string {
  if (video.status === "pending_upload") return "Ends the upload and removes the bytes that are there.";
  if (video.status === "completed" || video.status === "failed")
    return "Removes the source and every rendition.";
  return "Stops the workers, removes the source and every rendition.";
}
