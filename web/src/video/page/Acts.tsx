/** What one can do with a video, in quiet rows: each act is a button that opens its dialog. */
import { useNavigate } from "@solidjs/router";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { createSignal, type JSX, Show } from "solid-js";
import { downloadOriginal, perform } from "../../library/card/card-acts.ts";
import { t as common } from "../../messages/common.ts";
import { t } from "../../messages/video.ts";
import type { Remote } from "../../player/remote.ts";
import { ShareVideo } from "../../sharing/ShareVideo.tsx";
import { Captions } from "../captions/Captions.tsx";
import { hasOriginal, isShareable } from "../may.ts";
import type { OwnPoster } from "../poster/own-poster.ts";
import { PosterChoice } from "../poster/PosterChoice.tsx";
import { DeleteVideo } from "./DeleteVideo.tsx";
import { EditDetails } from "./EditDetails.tsx";

export function Acts(props: {
  video: VideoDetail;
  /** The MP4 as an attachment; null until there is one. */
  download: string | null;
  remote: Remote;
  ownPoster: OwnPoster;
}): JSX.Element {
  const navigate = useNavigate();
  const isReady = () => props.video.status === "completed";
  return (
    <section aria-label={t("actions")} class="acts">
      <Show when={isReady()}>
        {/* Its place is kept while its address is fetched. */}
        <a
          href={props.download ?? undefined}
          class="act"
          aria-disabled={props.download === null ? "true" : undefined}
        >
          {t("downloadMp4")}
        </a>
      </Show>
      <Show when={hasOriginal(props.video)}>
        <button type="button" class="act" onClick={() => perform(() => downloadOriginal(props.video))}>
          {t("downloadOriginal")}
        </button>
      </Show>
      <Show when={isShareable(props.video)}>
        <Act name={t("share")}>
          {(open, setOpen) => <ShareVideo video={props.video} open={open} onOpenChange={setOpen} />}
        </Act>
      </Show>
      <Act name={t("editDetails")}>
        {(open, setOpen) => <EditDetails video={props.video} open={open} onOpenChange={setOpen} />}
      </Act>
      <Show when={isReady()}>
        <Act name={captionsName(props.video.captions.length)}>
          {(open, setOpen) => <Captions video={props.video} open={open} onOpenChange={setOpen} />}
        </Act>
        <Act name={t("poster")}>
          {(open, setOpen) => (
            <PosterChoice
              video={props.video}
              remote={props.remote}
              ownPoster={props.ownPoster}
              open={open}
              onOpenChange={setOpen}
            />
          )}
        </Act>
      </Show>
      <Act name={common("deleteAsk")}>
        {(open, setOpen) => (
          <DeleteVideo
            video={props.video}
            open={open}
            onOpenChange={setOpen}
            onDeleted={() => navigate("/")}
          />
        )}
      </Act>
    </section>
  );
}

const captionsName = (count: number) => (count > 0 ? t("captionsMany", count) : t("captions"));

function Act(props: {
  name: string;
  children: (open: boolean, setOpen: (open: boolean) => void) => JSX.Element;
}): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <>
      <button type="button" class="act" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {props.name}
      </button>
      {props.children(open(), setOpen)}
    </>
  );
}
