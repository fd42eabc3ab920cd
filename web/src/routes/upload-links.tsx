/** `/upload-links`. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/upload-links.ts";
import { SignedIn } from "../shell/SignedIn.tsx";
import { UploadLinks, UploadLinksFrame } from "../upload-links/UploadLinks.tsx";

export default function UploadLinksPage(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", t("title"))}</Title>
      <SignedIn skeleton={<UploadLinksFrame />}>
        <UploadLinks />
      </SignedIn>
    </>
  );
}
