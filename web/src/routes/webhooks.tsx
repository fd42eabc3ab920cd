/** `/webhooks`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/webhooks.ts";
import { SignedIn } from "../shell/SignedIn.tsx";
import { Webhooks, WebhooksFrame } from "../webhooks/Webhooks.tsx";

export default function WebhooksPage(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", t("title"))}</Title>
      <SignedIn skeleton={<WebhooksFrame />}>
        <Webhooks />
      </SignedIn>
    </>
  );
}
