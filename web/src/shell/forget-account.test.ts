import { expect, test } from "vitest";
import { toast, toasts } from "../ui/toasts/toasts.ts";
import { refusals, uploadFiles } from "../upload/choose/choose-files.ts";
import { ask, question } from "../upload/questions.ts";
import { uploads } from "../upload/store.ts";
import { done, noteUploaded } from "../upload/tray/done.ts";
import { enqueue } from "../upload/uploads.ts";
import { forgetAccount } from "./forget-account.ts";

test("nothing that names a file of one account is left for the next", async () => {
  const file = new File(["film"], "film.mp4", { type: "video/mp4" });
  enqueue({ file }, null, "film");
  noteUploaded({ id: "video", title: "Film", status: "processing", playable: false });
  await uploadFiles([{ file: new File([], "empty.mp4") }]);
  toast("Deleted Film");
  ask({ kind: "again", files: [{ file }] });
  const shown = () => [uploads.length, done.length, refusals().length, toasts().length, Boolean(question())];
  expect(shown()).toEqual([1, 1, 1, 1, true]);
  forgetAccount();
  expect(shown()).toEqual([0, 0, 0, 0, false]);
});
