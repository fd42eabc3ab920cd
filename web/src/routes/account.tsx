/** `/account`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { OwnAccount } from "../account/OwnAccount.tsx";
import { t } from "../messages/account.ts";
import { t as common } from "../messages/common.ts";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function Account(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", t("title"))}</Title>
      <SignedIn
        skeleton={
          <main class="gutter grid gap-7 py-6 md:py-8">
            <h1 class="headline text-phone md:text-giant">{t("title")}</h1>
            <div class="hatch h-72 border-3 border-ink" />
          </main>
        }
      >
        <OwnAccount />
      </SignedIn>
    </>
  );
}
