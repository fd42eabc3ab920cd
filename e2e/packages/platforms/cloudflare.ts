/** A Cloudflare Stream account: three videos on two pages, in the shapes of Cloudflare's API reference. */
import type { Origins, Recorded } from "./replay.ts";

export const CLOUDFLARE = { account: "023e105f4ecef8ad9ca31a8372d0c353", token: "cf-s3cr3t" };
const authorization = `Bearer ${CLOUDFLARE.token}`;

/** Ids as Cloudflare makes them. */
export const VIDEOS = {
  open: "ea95132c15732412d22c1476fa83f27a",
  signed: "6b9e68b07dfee8cc2d116e4c51d6a957",
  waiting: "5d5bc37ffcf54c9b82e996823bffbb81",
};

const common = {
  allowedOrigins: [],
  duration: 3,
  input: { width: 320, height: 180 },
  readyToStream: true,
  requireSignedURLs: false,
  size: 123_456,
  status: { state: "ready", pctComplete: "100.000000" },
  watermark: null,
};
const open = {
  ...{ ...common, uid: VIDEOS.open, created: "2026-01-31T10:00:00.872170843Z", creator: "ann" },
  meta: { name: "The sea", "downloaded-from": "https://media.example.org/sea.mp4", views: 3 },
};
const signed = {
  ...{ ...common, uid: VIDEOS.signed, created: "2026-01-30T10:00:00.100200300Z", creator: null },
  ...{ meta: { name: "For members" }, requireSignedURLs: true },
};
const waiting = {
  ...{ ...common, uid: VIDEOS.waiting, created: "2026-01-29T10:00:00Z", creator: null, meta: {} },
  ...{ readyToStream: false, status: { state: "queued" } },
};

/** Answers are wrapped in it. */
const found = (result: unknown) => ({ result, success: true, errors: [], messages: [] });

export const cloudflareAnswers =
  (film: Buffer) =>
  ({ files }: Origins): Recorded[] => {
    const stream = `/client/v4/accounts/${CLOUDFLARE.account}/stream`;
    const mp4 = (uid: string) => `${files}/${uid}/downloads/default.mp4`;
    const making = (uid: string) => ({ status: "inprogress", url: mp4(uid), percentComplete: 75 });
    const made = (uid: string) => ({ ...making(uid), status: "ready", percentComplete: 100 });
    const after = (time: string) => `${stream}?limit=1000&before=${encodeURIComponent(time)}`;
    const recorded: Recorded[] = [
      { call: `GET ${stream}?limit=1000`, body: found([open, signed]) },
      // The oldest video comes once more, because times are finer there.
      { call: `GET ${after("2026-01-30T10:00:00.101Z")}`, body: found([signed, waiting]) },
      { call: `GET ${after("2026-01-29T10:00:00.001Z")}`, body: found([waiting]) },
      { call: `POST ${stream}/${VIDEOS.open}/downloads`, body: found({ default: making(VIDEOS.open) }) },
      { call: `GET ${stream}/${VIDEOS.open}/downloads`, body: found({ default: making(VIDEOS.open) }) },
      { call: `GET ${stream}/${VIDEOS.open}/downloads`, body: found({ default: made(VIDEOS.open) }) },
      { call: `POST ${stream}/${VIDEOS.signed}/downloads`, body: found({ default: made(VIDEOS.signed) }) },
      { call: `GET ${stream}/${VIDEOS.signed}/downloads`, body: found({ default: made(VIDEOS.signed) }) },
      { call: `POST ${stream}/${VIDEOS.signed}/token`, body: found({ token: "eyJhbGciOiJSUzI1NiJ9" }) },
      {
        call: `GET ${stream}/${VIDEOS.open}/captions`,
        body: found([
          { language: "pt-BR", label: "Português", generated: false },
          { language: "fr", label: "Français", generated: true, status: "inprogress" },
        ]),
      },
      {
        call: `GET ${stream}/${VIDEOS.open}/captions/pt-BR/vtt`,
        body: "WEBVTT\n\n00:00.500 --> 00:02.000\nO mar\n",
      },
      { call: `GET ${stream}/${VIDEOS.signed}/captions`, body: found([]) },
    ];
    const mp4s = [
      { call: `GET /${VIDEOS.open}/downloads/default.mp4`, body: film, authorization: null },
      { call: "GET /eyJhbGciOiJSUzI1NiJ9/downloads/default.mp4", body: film, authorization: null },
    ];
    return [...recorded.map((each) => ({ ...each, authorization })), ...mp4s];
  };
