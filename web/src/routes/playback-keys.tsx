/** `/playback-keys`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { PlaybackKeys, PlaybackKeysFrame } from "../sharing/PlaybackKeys.tsx";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function PlaybackKeysPage(): JSX.Element {
  return (
    <>
      <Title>Playback keys · StorageX</Title>
      <SignedIn skeleton={<PlaybackKeysFrame />}>
        <PlaybackKeys />
      </SignedIn>
    </>
  );
}
