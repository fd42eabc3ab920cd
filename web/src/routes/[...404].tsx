/** Every URL that is no page. */
import { Title } from "@solidjs/meta";
import type { JSX } from "solid-js";
import { NotFound } from "../shell/NotFound.tsx";

export default function Missing(): JSX.Element {
  return (
    <>
      <Title>Not found · StorageX</Title>
      <NotFound
        what="Nothing plays here."
        why="This address leads nowhere. It may be mistyped, or its video is gone."
      />
    </>
  );
}
