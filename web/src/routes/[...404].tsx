/** Every URL that is no page. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { t as common } from "../messages/common.ts";
import { t } from "../messages/lost.ts";
import { NotFound } from "../shell/NotFound.tsx";

export default function Missing(): JSX.Element {
  return (
    <>
      <Title>{common("pageTitle", t("notFound"))}</Title>
      <NotFound what={t("nothingHere")} why={t("nothingHereWhy")} />
    </>
  );
}
