/** `/videos/{id}`. */
import { useParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { SignedIn } from "../../shell/SignedIn.tsx";
import { VideoPage, VideoSkeleton } from "../../video/page/VideoPage.tsx";

export default function VideoRoute(): JSX.Element {
  const params = useParams();
  return (
    <SignedIn skeleton={<VideoSkeleton />}>
      <Show when={params.id} keyed>
        {(id) => <VideoPage id={id} />}
      </Show>
    </SignedIn>
  );
}
