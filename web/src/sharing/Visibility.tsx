/** Whether anybody may watch the video by its address, and that address. */
import type { UpdateRequest, Video } from "@storagex/contract/videos/video";
import { type JSX, Show } from "solid-js";
import { createAct } from "../api/act.ts";
import { putVideo } from "../api/cache.ts";
import { updateVideo } from "../api/calls/videos.ts";
import { t } from "../messages/sharing.ts";
import { ReasonOf } from "../ui/Reason.tsx";
import { CopyField } from "./CopyField.tsx";
import { Embed } from "./Embed.tsx";
import { Switch } from "./Switch.tsx";

export function Visibility(props: { video: Video }): JSX.Element {
  const isPublic = () => props.video.visibility === "public";
  const change = createAct(async (changes: UpdateRequest) =>
    putVideo(await updateVideo(props.video.id, changes)),
  );
  return (
    <section class="grid gap-3" aria-label={t("publicPage")}>
      <Switch
        label={t("public")}
        checked={isPublic()}
        onChange={(wanted) => change.run({ visibility: wanted ? "public" : "private" })}
      />
      <Show when={isPublic()}>
        <Switch
          label={t("allowDownload")}
          checked={props.video.publicDownload}
          onChange={(publicDownload) => change.run({ publicDownload })}
        />
        <CopyField label={t("publicPage")} text={`${location.origin}/watch/${props.video.id}`} />
        <Embed url={`${location.origin}/embed/${props.video.id}`} origins={[]} video={props.video} />
      </Show>
      <ReasonOf failure={change.failure()} />
    </section>
  );
}
