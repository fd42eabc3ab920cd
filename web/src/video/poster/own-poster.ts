/** Another poster by its owner: a frame of the video, or an image; how far it is, and why it failed. */
import { MAX_POSTER_BYTES, POSTER_IMAGE_TYPES } from "@storagex/contract/videos/poster";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { type Accessor, createEffect, createSignal, on } from "solid-js";
import { createAct } from "../../api/act.ts";
import { ApiError } from "../../api/api-error.ts";
import { rereadVideo } from "../../api/cache.ts";
import { makePosterOfFrame, makePosterOfImage } from "../../api/calls/videos.ts";
import { failureText } from "../../messages/of-api.ts";
import { t } from "../../messages/video.ts";
import { toast } from "../../ui/toasts/toasts.ts";
import { putPart } from "../../upload/send/put-part.ts";

export type OwnPoster = {
  /** At `seconds` of the video. */
  takeFrame: (seconds: number) => void;
  upload: (file: File) => void;
  /** What is being done; null where nothing is. `fraction` of the image that was sent. */
  status: Accessor<{ text: string; fraction?: number } | null>;
  failure: Accessor<{ message: string; code?: string } | undefined>;
};

/** What is wrong with a file before it is sent; undefined where nothing is. */
export function complaintOf({ type, size }: Pick<File, "type" | "size">): string | undefined {
  if (!POSTER_IMAGE_TYPES.some((known) => known === type)) return t("chooseImage");
  return size > MAX_POSTER_BYTES || size === 0 ? t("chooseSmaller") : undefined;
}

export const isPending = ({ posterChange }: Pick<VideoDetail, "posterChange">): boolean =>
  posterChange !== null && posterChange.state !== "failed";

export function createOwnPoster(video: Accessor<VideoDetail>): OwnPoster {
  const [sent, setSent] = createSignal<number>();
  const [isAsked, setAsked] = createSignal(false);
  const ask = createAct(async (from: number | File) => {
    const { id } = video();
    try {
      if (typeof from === "number") await makePosterOfFrame(id, from);
      else await send(id, from);
      setAsked(true);
      await rereadVideo(id);
    } finally {
      setSent(undefined);
    }
  });
  const send = async (id: string, file: File) => {
    const complaint = complaintOf(file);
    if (complaint) throw new ApiError(422, "request.invalid", complaint);
    setSent(0);
    const { url } = await makePosterOfImage(id, { type: file.type, size: file.size });
    // Without its type, which the bytes say: a header more would be a question more to the object store.
    const onProgress = (bytes: number) => setSent(bytes / file.size);
    await putPart({ url, body: new Blob([file]), onProgress }).catch(() => {
      throw new ApiError(0, "network.unreachable", t("imageNotSent"));
    });
  };
  createEffect(
    on(
      () => video().posterChange,
      (change) => {
        if (!isAsked() || isPending(video())) return;
        setAsked(false);
        toast(change?.error ? failureText(change.error) : t("posterChanged"));
      },
      { defer: true },
    ),
  );
  return {
    takeFrame: (seconds) => {
      toast(t("takingFrame"));
      ask.run(seconds);
    },
    upload: ask.run,
    status: () => {
      const fraction = sent();
      if (fraction !== undefined) return { text: t("uploadingImage"), fraction };
      return ask.busy() || isPending(video()) ? { text: t("makingPoster") } : null;
    },
    failure: () => {
      const failed = video().posterChange?.error;
      return ask.failure() ?? (failed ? { ...failed, message: failureText(failed) } : undefined);
    },
  };
}
