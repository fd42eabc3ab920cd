/** `/admin/audit`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { AuditLog } from "../../admin/AuditLog.tsx";
import { t } from "../../messages/admin.ts";

export default function AdminAudit(): JSX.Element {
  return (
    <AdminPage title={t("auditLog")}>
      <AuditLog />
    </AdminPage>
  );
}
