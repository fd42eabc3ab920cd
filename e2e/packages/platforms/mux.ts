/** A Mux environment: five assets on two pages, in the shapes of Mux's API reference. */
import type { Origins, Recorded } from "./replay.ts";

export const MUX = { id: "b8e2-token", secret: "c4t3-s3cr3t" };
const authorization = `Basic ${Buffer.from(`${MUX.id}:${MUX.secret}`).toString("base64")}`;

/** Ids as Mux makes them. */
export const ASSETS = {
  master: "Qm01mZ7xV8aF4pDkR2cJ5tYw",
  mp4: "Hs02rT9yB6nG3lWvX7kE4qPz",
  bare: "Lc03uD5jN1fM8oKsA9hI6xVb",
  errored: "Za04wR2gP7eC5iTyU3mO1nBk",
  odd: "Xe05kQ8vH4bS6zLpJ2dF9gMr",
};

/** What every asset has, whether it is of use here or not. */
const common = {
  master_access: "none",
  max_resolution_tier: "1080p",
  video_quality: "plus",
  ingest_type: "on_demand_url",
  progress: { state: "completed", progress: 100 },
  aspect_ratio: "16:9",
  duration: 3.0,
};

const frames = { type: "video", max_width: 320, max_height: 180, max_frame_rate: 25, id: "tv1", duration: 3 };

const master = {
  ...common,
  id: ASSETS.master,
  status: "ready",
  created_at: "1767225600",
  passthrough: "order-1207",
  meta: { title: "The lake", creator_id: "ann", external_id: "film-12" },
  playback_ids: [
    { id: "sIgNeD", policy: "signed" },
    { id: "pUbLiC", policy: "public" },
  ],
  tracks: [
    frames,
    {
      ...{ type: "text", text_type: "subtitles", text_source: "uploaded", id: "tEn", status: "ready" },
      ...{ language_code: "en", name: "English", closed_captions: true },
    },
    {
      type: "text",
      text_type: "subtitles",
      id: "tDe",
      status: "errored",
      language_code: "de",
      name: "Deutsch",
    },
  ],
};
const mp4 = {
  ...common,
  id: ASSETS.mp4,
  status: "ready",
  created_at: "1767229200",
  playback_ids: [{ id: "pUbLiC2", policy: "public" }],
  passthrough: "The hill",
  static_renditions: {
    files: [
      {
        name: "270p.mp4",
        ext: "mp4",
        height: 270,
        width: 480,
        status: "ready",
        resolution: "270p",
        id: "r1",
      },
      { name: "highest.mp4", ext: "mp4", height: 180, width: 320, status: "preparing", id: "r2" },
      {
        name: "720p.mp4",
        ext: "mp4",
        height: 720,
        width: 1280,
        status: "ready",
        resolution: "720p",
        id: "r3",
      },
      { name: "audio.m4a", ext: "m4a", status: "ready", resolution: "audio-only", id: "r4" },
    ],
  },
  tracks: [frames],
};
const bare = { ...common, id: ASSETS.bare, status: "ready", created_at: "1767232800", tracks: [frames] };
const errored = { ...common, id: ASSETS.errored, status: "errored", created_at: "1767236400" };
/** Of a version that is not known. */
const odd = { id: ASSETS.odd, status: { phase: "ready" } };

const assets = "/video/v1/assets";
const refusal = { error: { type: "forbidden", messages: ["This token may only read."] } };

/** `film` is what the addresses of files give; the first list is asked for too early. */
export const muxAnswers =
  (film: Buffer) =>
  ({ files }: Origins): Recorded[] => [
    {
      ...{
        call: `GET ${assets}?limit=100&page=1`,
        status: 429,
        headers: { "retry-after": "1" },
        authorization,
      },
      body: { error: { type: "too_many_requests", messages: ["Slow down."] } },
    },
    {
      ...{ call: `GET ${assets}?limit=100&page=1`, authorization },
      body: { data: [master, odd, mp4], next_cursor: "eyJwIjoy" },
    },
    {
      ...{ call: `GET ${assets}?limit=100&cursor=eyJwIjoy`, authorization },
      body: { data: [bare, errored], next_cursor: null },
    },
    {
      ...{ call: `PUT ${assets}/${ASSETS.master}/master-access`, authorization },
      body: { data: { ...master, master_access: "temporary", master: { status: "preparing" } } },
    },
    {
      ...{ call: `GET ${assets}/${ASSETS.master}`, authorization },
      body: { data: { ...master, master_access: "temporary", master: { status: "preparing" } } },
    },
    {
      ...{ call: `GET ${assets}/${ASSETS.master}`, authorization },
      body: {
        data: { ...master, master: { status: "ready", url: `${files}/master.mp4?signature=s3cr3t` } },
      },
    },
    { call: "GET /master.mp4?signature=s3cr3t", body: film, authorization: null },
    { call: `PUT ${assets}/${ASSETS.mp4}/master-access`, status: 403, body: refusal, authorization },
    { call: "GET /pUbLiC2/720p.mp4", status: 404, body: "", authorization: null },
    { call: `PUT ${assets}/${ASSETS.bare}/master-access`, status: 403, body: refusal, authorization },
    {
      ...{ call: "GET /pUbLiC/text/tEn.vtt", authorization: null },
      body: "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nThe water is cold.\n",
    },
  ];
