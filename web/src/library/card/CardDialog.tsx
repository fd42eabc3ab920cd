/** The one dialog of the library: renaming, tagging or sharing the video of a card, or tagging the selected ones. */
import type { Video } from "@storagex/contract/videos/video";
import { type JSX, Match, Switch } from "solid-js";
import { createAct } from "../../api/act.ts";
import { t as cards } from "../../messages/cards.ts";
import { t } from "../../messages/library.ts";
import { Sharing } from "../../sharing/ShareVideo.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { OneField, RenameForm, TagsForm, tagsIn } from "./CardForms.tsx";
import { changeMany } from "./card-acts.ts";

export type CardDialogState =
  | { kind: "rename" | "tags" | "share"; video: Video }
  | { kind: "tag-many"; videos: readonly Video[] };

const TITLES = { rename: "rename", tags: "tags", share: "share", "tag-many": "addTags" } as const;

export default function CardDialog(props: { state: CardDialogState; onDone: () => void }): JSX.Element {
  const one = (kind: "rename" | "tags" | "share") =>
    props.state.kind !== "tag-many" && props.state.kind === kind ? props.state.video : undefined;
  const many = () => (props.state.kind === "tag-many" ? props.state.videos : undefined);
  return (
    <Dialog open onOpenChange={(open) => !open && props.onDone()} title={t(TITLES[props.state.kind])}>
      <Switch>
        <Match when={one("rename")}>{(video) => <RenameForm video={video()} onDone={props.onDone} />}</Match>
        <Match when={one("tags")}>{(video) => <TagsForm video={video()} onDone={props.onDone} />}</Match>
        <Match when={one("share")}>{(video) => <Sharing video={video()} />}</Match>
        <Match when={many()}>{(videos) => <TagMany videos={videos()} onDone={props.onDone} />}</Match>
      </Switch>
    </Dialog>
  );
}

function TagMany(props: { videos: readonly Video[]; onDone: () => void }): JSX.Element {
  const save = createAct(async (text: string) => {
    const tags = tagsIn(text);
    if (tags.length > 0) await changeMany(props.videos, { action: "tag", tags });
    props.onDone();
  });
  return (
    <OneField
      label={t("tags")}
      help={cards("addTagsHelp")}
      value=""
      maxLength={1_100}
      missing={cards("enterTag")}
      act={save}
      onCancel={props.onDone}
    />
  );
}
