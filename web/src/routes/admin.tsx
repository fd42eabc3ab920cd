/** `/admin`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { AdminPage } from "../admin/AdminPage.tsx";
import { SignedIn } from "../shell/SignedIn.tsx";
import { SkeletonCards } from "../video/VideoCard.tsx";

export default function Admin(): JSX.Element {
  return (
    <>
      <Title>Admin · StorageX</Title>
      <SignedIn
        skeleton={
          <main class="gutter grid gap-10 py-6 md:py-8">
            <h1 class="headline text-phone md:text-giant">Everybody</h1>
            <SkeletonCards awaited="Asking for everybody's videos" />
          </main>
        }
      >
        <AdminPage />
      </SignedIn>
    </>
  );
}
