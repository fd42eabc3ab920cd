/** The frame of login, register and setup: the big sentence on the left, one column of fields on the right. */
import { Title } from "@solidjs/meta";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, type JSX } from "solid-js";
import { session } from "../api/session.ts";
import { safeNext } from "../shell/next.ts";

export function AccountPage(props: {
  title: string;
  sentence: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  createEffect(() => {
    if (session().kind !== "in") return;
    const next = typeof search.next === "string" ? search.next : undefined;
    navigate(safeNext(next), { replace: true });
  });
  return (
    <main class="gutter grid items-start gap-8 py-8 md:gap-12 md:py-16 lg:grid-cols-[1fr_420px]">
      <Title>{`${props.title} · StorageX`}</Title>
      <p class="headline text-phone md:text-giant">{props.sentence}</p>
      <div class="frame p-5 shadow-drop md:p-8">
        <h1 class="headline mb-6 text-large">{props.title}</h1>
        {props.children}
      </div>
    </main>
  );
}
