/** A page in German, as the server writes it: words, numbers and dates of one request, beside English ones. */
import { codecName } from "@storagex/contract/formats/codecs";
import { type FailureDetail, MEDIA_FAILURES, reasonOf } from "@storagex/contract/media/failure";
import { MEDIA_NOTES, noteOf } from "@storagex/contract/media/note";
import { RequestContext, type RequestEvent } from "solid-js/web";
import { provideRequestEvent } from "solid-js/web/storage";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  formatAgo,
  formatExact,
  formatLeft,
  formatLimit,
  formatOrdinal,
  formatPercent,
  formatRate,
  formatSize,
  formatTimes,
} from "../ui/format.ts";
import { refusal } from "../upload/choose/accept.ts";
import { videoStatus } from "../video/status-bar.ts";
import { t as account } from "./account.ts";
import german from "./de/open.ts";
import germanSignedIn from "./de/signed-in.ts";
import { t as library } from "./library.ts";
import { failureText, noteText, problemText } from "./of-api.ts";
import { t as sentences } from "./sentences.ts";
import { provideWords } from "./words.ts";

beforeAll(() => provideWords("de", { ...german, ...germanSignedIn }));
// Other tests have no request, and would be warned of it.
afterAll(() => Reflect.deleteProperty(globalThis, RequestContext));

function inLanguage<T>(language: string, read: () => T): T {
  const request = new Request("http://localhost/", { headers: { "x-storagex-language": language } });
  return provideRequestEvent({ request } as RequestEvent, read);
}
const inGerman = <T>(read: () => T): T => inLanguage("de", read);
const inEnglish = <T>(read: () => T): T => inLanguage("en", read);

test("numbers and times are written as Germans write them", () => {
  const said = () => [
    formatSize(8_400_000_000),
    formatLimit(1_500_000_000_000),
    formatPercent(0.439),
    formatRate(1_240_000),
    formatTimes(1.25),
    formatOrdinal(3),
    formatLeft(5_400),
    formatAgo(0, 86_400_000),
    formatAgo(0, 10_000),
  ];
  expect(inGerman(said)).toEqual([
    "8,4 GB",
    "1,5 TB",
    "43\u00a0%",
    "1,2 MB/s",
    "1,3×",
    "3.",
    "noch 1,5 h",
    "gestern",
    "gerade eben",
  ]);
  expect(inEnglish(said)[0]).toBe("8.4 GB");
  expect(inGerman(() => formatExact(Date.UTC(2026, 10, 24, 12)))).toMatch(/^24\.11\.2026, /);
});

test("things are counted by the language's own rules", () => {
  expect(inGerman(() => [0, 1, 2, 1_234].map((many) => library("count", many, false)))).toEqual([
    ...["0 Videos", "1 Video", "2 Videos", "1.234 Videos"],
  ]);
  expect(inEnglish(() => library("count", 1, false))).toBe("1 video");
});

test("what is said of a request is in its language, and others beside it keep theirs", async () => {
  const failed = {
    status: "failed",
    progress: 0,
    uploaded: 1,
    queuePosition: null,
    playable: false,
    error: null,
    origin: "upload",
    import: null,
  } as const;
  const [one, other] = await Promise.all([
    inGerman(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return account("title");
    }),
    inEnglish(async () => account("title")),
  ]);
  expect([one, other]).toEqual(["Konto", "Account"]);
  expect(inGerman(() => videoStatus(failed)).left).toBe("Fehler");
  // A name may hold what a pattern of replacement would be.
  expect(
    inGerman(() => refusal({ name: "$& {{ name }}.txt", type: "text/plain", size: 5 }, undefined)),
  ).toMatch(/^\$& \{\{ name \}\}\.txt ist kein Video\./);
});

test("problems and failures are said by their codes; unknown ones as the API says them", async () => {
  const said = { code: "source.empty", message: "This file holds no data." };
  expect(inGerman(() => failureText(said))).toMatch(/^Diese Datei ist leer\./);
  expect(inEnglish(() => failureText(said))).toBe(said.message);
  expect(inGerman(() => failureText({ code: "source.new", message: "Something new." }))).toBe(
    "Something new.",
  );
  expect(await inGerman(() => problemText("auth.wrong_credentials", "Wrong."))).toMatch(
    /^E-Mail oder Passwort/,
  );
  expect(await inGerman(() => problemText("later.code", "As the API says."))).toBe("As the API says.");
  expect(await inEnglish(() => problemText("auth.wrong_credentials", "Wrong."))).toBe("Wrong.");
});

test("a reason that names a track names it in German too, and promises no other try where there is none", () => {
  const details: FailureDetail[] = [
    {},
    { track: "video", codec: "magicyuv" },
    { track: "audio", number: 3, codec: "ac3" },
    { track: "text", number: 2 },
    { codec: "wavpack" },
  ];
  const named = Object.entries(MEDIA_FAILURES).filter(([, each]) => "named" in each || "repeated" in each);
  expect(named).toHaveLength(4);
  for (const [code, reason] of named)
    for (const detail of details) {
      const isRepeated = "repeated" in reason;
      const message = reasonOf(code, { detail, isRepeated }) ?? "";
      const said = inGerman(() => failureText({ code, message }));
      if (isRepeated) expect(said, message).toMatch(/zweimal/);
      if (isRepeated) expect(said, message).not.toMatch(/von selbst/);
      if (detail.track) expect(said, message).toMatch(/(Video|Ton|Text)spur/);
      if (detail.number) expect(said, message).toContain(`spur ${detail.number}`);
      if (detail.codec) expect(said, message).toContain(`(${codecName(detail.codec)})`);
    }
});

test("notes are said by their codes with their values, and every sentence names the values of the English one", () => {
  const note = { ...noteOf("audio.left_out", { track: 2, codec: "AC-4" }), message: "Audio track 2." };
  expect(inGerman(() => noteText(note))).toBe(
    "Tonspur 2 (AC-4) lässt sich nicht dekodieren und wurde weggelassen.",
  );
  expect(inEnglish(() => noteText(note))).toBe(note.message);
  expect(inGerman(() => noteText({ ...note, code: "audio.later" }))).toBe(note.message);
  const namesIn = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).toSorted();
  const german: Readonly<Record<string, string>> = inGerman(() => sentences("notes"));
  for (const [code, sentence] of Object.entries(MEDIA_NOTES))
    expect(namesIn(german[code] ?? ""), code).toEqual(namesIn(sentence));
});
