/** `/`: the library. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { Library, LibrarySkeleton } from "../library/Library.tsx";
import { t as common } from "../messages/common.ts";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function Home(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", common("library"))}</Title>
      <SignedIn skeleton={<LibrarySkeleton />}>
        <Library />
      </SignedIn>
    </>
  );
}
