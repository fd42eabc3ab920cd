/** `/admin/videos`. */
import type { JSX } from "solid-js";
import { AdminPage } from "../../admin/AdminPage.tsx";
import { Videos } from "../../admin/Videos.tsx";

export default function AdminVideos(): JSX.Element {
  return (
    <AdminPage title="All videos">
      <Videos />
    </AdminPage>
  );
}
