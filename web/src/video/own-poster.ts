/** Another poster by its owner: a frame of the video, or an image; how far it is, and why it failed. */
import { MAX_POSTER_BYTES, POSTER_IMAGE_TYPES } from "@storagex/contract/poster";
import type { VideoDetail } from "@storagex/contract/video";
import { type Accessor, createEffect, createSignal, on } from "solid-js";
import { createAct } from "../api/act.ts";
import { ApiError } from "../api/api-error.ts";
import { rereadVideo } from "../api/cache.ts";
import { makePosterOfFrame, makePosterOfImage } from "../api/videos.ts";
import { toast } from "../ui/toasts.ts";
import { putPart } from "../upload/put-part.ts";

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
  if (!POSTER_IMAGE_TYPES.some((known) => known === type)) return "Choose a JPEG or PNG image.";
  return size > MAX_POSTER_BYTES || size === 0 ? "Choose an image of at most 5 MB." : undefined;
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
      throw new ApiError(
        0,
        "network.unreachable",
        "The image was not sent. Check the connection and try again.",
      );
    });
  };
  createEffect(
    on(
      () => video().posterChange,
      (change) => {
        if (!isAsked() || isPending(video())) return;
        setAsked(false);
        toast(change?.error ? change.error.message : "The poster is changed.");
      },
      { defer: true },
    ),
  );
  return {
    takeFrame: (seconds) => {
      toast("Taking this frame as the poster…");
      ask.run(seconds);
    },
    upload: ask.run,
    status: () => {
      const fraction = sent();
      if (fraction !== undefined) return { text: "Uploading the image", fraction };
      return ask.busy() || isPending(video()) ? { text: "Making the poster" } : null;
    },
    failure: () => ask.failure() ?? video().posterChange?.error ?? undefined,
  };
}
