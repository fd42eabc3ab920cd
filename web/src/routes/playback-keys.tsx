/** `/playback-keys`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/sharing.ts";
import { PlaybackKeys, PlaybackKeysFrame } from "../sharing/PlaybackKeys.tsx";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function PlaybackKeysPage(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", t("playbackKeys"))}</Title>
      <SignedIn skeleton={<PlaybackKeysFrame />}>
        <PlaybackKeys />
      </SignedIn>
    </>
  );
}
