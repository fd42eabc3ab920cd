/** `/account`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { OwnAccount } from "../account/OwnAccount.tsx";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function Account(): JSX.Element {
  return (
    <>
      <Title>Account · StorageX</Title>
      <SignedIn
        skeleton={
          <main class="gutter grid gap-7 py-6 md:py-8">
            <h1 class="headline text-phone md:text-giant">Account</h1>
            <div class="hatch h-72 border-3 border-ink" />
          </main>
        }
      >
        <OwnAccount />
      </SignedIn>
    </>
  );
}
