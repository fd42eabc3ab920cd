/** `/admin`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { Overview } from "../../admin/Overview.tsx";

export default function AdminOverview(): JSX.Element {
  return (
    <AdminPage title="Admin">
      <Overview />
    </AdminPage>
  );
}
