/** `/admin/users`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { Users } from "../../admin/Users.tsx";
import { t } from "../../messages/admin.ts";

export default function AdminUsers(): JSX.Element {
  return (
    <AdminPage title={t("users")}>
      <Users />
    </AdminPage>
  );
}
