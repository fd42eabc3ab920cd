/** `/u/{token}`: the page of an upload link. */
import type { JSX } from "solid-js";
import { LinkedPage } from "../../linked/LinkedPage.tsx";

export default function Linked(): JSX.Element {
  return <LinkedPage />;
}
