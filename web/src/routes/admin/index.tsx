/** `/admin`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { Overview } from "../../admin/Overview.tsx";
import { t } from "../../messages/admin.ts";

export default function AdminOverview(): JSX.Element {
  return (
    <AdminPage title={t("title")}>
      <Overview />
    </AdminPage>
  );
}
