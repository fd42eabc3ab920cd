/** The form that takes the address of a video; the server fetches it. */
import { createSignal, type JSX } from "solid-js";
import { createAct } from "../../api/act.ts";
import { putVideo } from "../../api/cache.ts";
import { importVideo } from "../../api/calls/videos.ts";
import { t } from "../../messages/questions.ts";
import { Field } from "../../ui/form/Field.tsx";
import { FormFoot } from "../../ui/form/FormFoot.tsx";
import { answered } from "../questions.ts";

export function ImportVideo(): JSX.Element {
  const [complaint, setComplaint] = createSignal<string>();
  let field: HTMLInputElement | undefined;
  const begin = createAct(async (url: string) => {
    putVideo(await importVideo(url));
    answered();
  });
  const submit = () => {
    const url = field?.value.trim() ?? "";
    setComplaint(url === "" ? t("enterUrl") : URL.canParse(url) ? undefined : t("notUrl"));
    if (complaint()) field?.focus();
    else begin.run(url);
  };
  return (
    <form
      class="grid gap-5"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        ref={(input: HTMLInputElement) => {
          field = input;
          queueMicrotask(() => input.select());
        }}
        label={t("url")}
        help={t("urlHelp")}
        name="url"
        type="url"
        maxlength={4_000}
        complaint={complaint()}
        autocomplete="off"
      />
      <FormFoot act={begin} label={t("import")} busyLabel={t("importing")} onCancel={answered} />
    </form>
  );
}
