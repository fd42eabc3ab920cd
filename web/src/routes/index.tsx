/** `/`: the library. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { Library, LibrarySkeleton } from "../library/Library.tsx";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function Home(): JSX.Element {
  return (
    <>
      <Title>Library · StorageX</Title>
      <SignedIn skeleton={<LibrarySkeleton />}>
        <Library />
      </SignedIn>
    </>
  );
}
