/** `/admin/videos`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { Videos } from "../../admin/Videos.tsx";
import { t } from "../../messages/admin.ts";

export default function AdminVideos(): JSX.Element {
  return (
    <AdminPage title={t("allVideos")}>
      <Videos />
    </AdminPage>
  );
}
