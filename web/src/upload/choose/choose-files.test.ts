import { afterEach, beforeEach, expect, test } from "vitest";
import { login, logout } from "../../api/session.ts";
import { answerCalls, meOf, problemOf, videoOf } from "../../api/test-api.ts";
import { question } from "../questions.ts";
import { change, forget, transfers, uploads } from "../store.ts";
import { enqueue } from "../uploads.ts";
import { clearRefusals, refusals, takeFiles, uploadFiles } from "./choose-files.ts";

const PERSON = { email: "ann@example.test", password: "correct horse battery" };
const FILM = { name: "film.mp4", type: "video/mp4", lastModified: 1_000 };

/** A new object each time, as of a file that is chosen once more. */
const film = ({ name, type, lastModified } = FILM) => new File(["film"], name, { type, lastModified });

const NOTHING = { body: { items: [], nextCursor: null } };

let who: string;
/** How the list of unfinished uploads is answered. */
let list: (query: URLSearchParams) => ReturnType<Parameters<typeof answerCalls>[0]>;
let api: Awaited<ReturnType<typeof answerCalls>>;

beforeEach(async () => {
  who = "ann";
  list = () => NOTHING;
  api = await answerCalls((call, query) => {
    if (call === "GET /v1/videos") return list(query);
    if (call === "GET /v1/me") return { body: meOf(who) };
    if (call === "POST /v1/auth/login")
      return { body: { accessToken: `of ${who}`, expiresIn: 900, user: meOf(who) } };
    if (call === "GET /v1/auth/session") return { body: { presented: false } };
    return { body: null };
  });
  await login(PERSON);
});
afterEach(async () => {
  for (const { id } of [...uploads]) forget(id);
  clearRefusals();
  await logout();
  api.end();
});

const names = () => uploads.map(({ name }) => name);

test.each([
  ["that are chosen", takeFiles],
  ["that are uploaded without another question", uploadFiles],
])("files %s do not vanish where the server refuses: it is said why", async (_, take) => {
  list = () => problemOf(500, "internal");
  await take([{ file: film() }]);
  expect(names()).toEqual([]);
  expect(refusals()).toEqual([expect.stringMatching(/\w/)]);
});

test("files that are uploaded without another question are refused with a sentence, too", async () => {
  await uploadFiles([{ file: film({ ...FILM, name: "notes.txt", type: "text/plain" }) }]);
  expect(refusals()).toEqual([expect.stringContaining("notes.txt is not a video.")]);
});

test("a file that could not be read any more goes on where it is chosen again", async () => {
  const first = film();
  enqueue({ file: first }, "video", "film");
  await takeFiles([{ file: film() }]);
  expect(refusals()).toEqual(["film.mp4 is already being uploaded."]);
  change("film", { state: "failed", reason: "The file has moved.", isFileLost: true });
  const again = film();
  await takeFiles([{ file: again }]);
  expect(refusals()).toEqual([]);
  expect(transfers.get("film")?.file).toBe(again);
  expect(uploads).toMatchObject([
    { id: "film", videoId: "video", state: "waiting", reason: null, isFileLost: false },
  ]);
});

/** A file is chosen, and the session ends while it is looked for: by its name, or among unfinished uploads. */
async function chosenAtTheEnd(by: "q" | "status"): Promise<{ taken: Promise<void> }> {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  list = (query) => {
    if (!query.has(by)) return NOTHING;
    resolve();
    return problemOf(401, "auth.token_invalid");
  };
  const taken = takeFiles([{ file: film() }]);
  await asked;
  list = () => NOTHING;
  return { taken };
}

test.each(["q", "status"] as const)("files wait for whoever chose them to sign in again (%s)", async (by) => {
  const { taken } = await chosenAtTheEnd(by);
  await login(PERSON);
  await taken;
  expect(names()).toEqual(["film.mp4"]);
});

test("files are never sent to the account that signs in next", async () => {
  const { taken } = await chosenAtTheEnd("status");
  who = "bob";
  await login(PERSON);
  await taken;
  expect(names()).toEqual([]);
});

test("nor is that account asked about them", async () => {
  const { promise: found, resolve } = Promise.withResolvers<{ body: unknown }>();
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
  list = () => {
    isAsked();
    return found;
  };
  const taken = takeFiles([{ file: film() }]);
  await asked;
  await logout();
  const known = { ...videoOf("known"), status: "completed", filename: FILM.name, size: film().size };
  resolve({ body: { items: [known], nextCursor: null } });
  await taken;
  expect(question()).toBeUndefined();
});
