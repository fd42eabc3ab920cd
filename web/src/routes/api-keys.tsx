/** `/api-keys`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { ApiKeys, ApiKeysFrame } from "../keys/ApiKeys.tsx";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/keys.ts";
import { SignedIn } from "../shell/SignedIn.tsx";

export default function ApiKeysPage(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", t("title"))}</Title>
      <SignedIn skeleton={<ApiKeysFrame />}>
        <ApiKeys />
      </SignedIn>
    </>
  );
}
