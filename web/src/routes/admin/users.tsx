/** `/admin/users`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { Users } from "../../admin/Users.tsx";

export default function AdminUsers(): JSX.Element {
  return (
    <AdminPage title="Users">
      <Users />
    </AdminPage>
  );
}
