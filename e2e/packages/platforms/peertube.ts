/** An account on a PeerTube: three videos on two pages, in the shapes of its REST reference. */
import type { Origins, Recorded } from "./replay.ts";

export const PEERTUBE = { username: "ann", password: "correct horse battery" };

/** Ids as PeerTube makes them. */
export const UUIDS = {
  original: "9c9de5e8-0a1e-484a-b099-e80766180a6d",
  split: "04af977f-4201-4697-be67-a8d8cae6fa7a",
  live: "1ef75d8e-1c64-4c4f-9f6a-9a1f7f8c8a11",
};

const listed = (uuid: string, name: string, more: object = {}) => ({
  ...{ id: 42, uuid, shortUUID: "kkGMgK9ZtnKfYAgnEtQxbv", name, duration: 3, isLocal: true, isLive: false },
  ...{ createdAt: "2026-01-31T10:00:00.000Z", updatedAt: "2026-01-31T10:00:00.000Z" },
  ...{ publishedAt: "2026-01-31T11:00:00.000Z", originallyPublishedAt: null, views: 7, likes: 1 },
  ...{ category: { id: 2, label: "Films" }, licence: { id: null, label: "Unknown" } },
  ...{ language: { id: "de", label: "German" }, privacy: { id: 3, label: "Private" } },
  ...{ truncatedDescription: "Filmed…", state: { id: 1, label: "Published" }, nsfw: false },
  ...{ channel: { id: 1, name: "ann_channel", displayName: "Ann" }, ...more },
});
const file = (origin: string, id: number, height: number, more: object) => ({
  ...{ id, resolution: { id: height, label: `${height}p` }, size: 1_000, fps: 25, width: 320, height: 180 },
  ...{ fileUrl: `${origin}/static/${id}.mp4`, fileDownloadUrl: `${origin}/download/web-videos/${id}.mp4` },
  ...{ torrentUrl: "", magnetUri: null, hasAudio: true, hasVideo: true, storage: 0, ...more },
});
const videos = [listed(UUIDS.original, "Der See"), listed(UUIDS.split, "Der Berg")];
const live = listed(UUIDS.live, "Jetzt", { isLive: true, state: { id: 4, label: "Waiting for livestream" } });

const oauth = {
  client_id: "v1ikx5hnfop4mdpnci8nsqh93c45rldf",
  client_secret: "AjWiOapPltI6EnsWQwlFarRtLh4u8tDt",
};
const expired = {
  type: "about:blank",
  title: "Unauthorized",
  status: 401,
  detail: "Token is expired",
  code: "invalid_token",
};

/** The first access token ends between the two pages of the list. */
export const peertubeAnswers =
  (film: Buffer) =>
  ({ api, files }: Origins): Recorded[] => {
    const list = (start: number) => `GET /api/v1/users/me/videos?start=${start}&count=100&sort=createdAt`;
    const video = (uuid: string) => `/api/v1/videos/${uuid}`;
    const [first, second] = ["Bearer 90286a0bdf0f", "Bearer 2e0d675df9fc"];
    const tokens = (access_token: string) => ({
      ...{ token_type: "Bearer", access_token, refresh_token: "eca9137bb7", expires_in: 86_400 },
    });
    const detail = {
      ...{
        description: "Gefilmt am See.\nZweiter Tag.",
        tags: ["urlaub", "2026"],
        files: [],
        streamingPlaylists: [],
      },
    };
    return [
      { call: "GET /api/v1/oauth-clients/local", body: oauth, authorization: null },
      { call: "POST /api/v1/users/token", body: tokens("90286a0bdf0f"), authorization: null },
      { call: "POST /api/v1/users/token", body: tokens("2e0d675df9fc"), authorization: null },
      { call: list(0), body: { total: 3, data: videos }, authorization: first },
      // Of the next run.
      { call: list(0), body: { total: 3, data: videos }, authorization: second },
      { call: list(2), status: 401, body: expired },
      { call: list(2), body: { total: 3, data: [live] }, authorization: second },
      { call: `GET ${video(UUIDS.original)}`, body: { ...videos[0], ...detail } },
      {
        call: `GET ${video(UUIDS.original)}/chapters`,
        body: {
          chapters: [
            { timecode: 0, title: "Ankunft" },
            { timecode: 2, title: "Im Wasser" },
          ],
        },
      },
      {
        call: `GET ${video(UUIDS.original)}/source`,
        body: {
          ...{
            inputFilename: "see_final.mov",
            fileDownloadUrl: `${api}/download/original-video-files/see.mov`,
          },
          ...{ resolution: { id: 180, label: "180p" }, size: film.length, fps: 25 },
        },
      },
      {
        call: `POST ${video(UUIDS.original)}/token`,
        body: { files: { token: "ptok1", expires: "2026-02-01T00:00:00Z" } },
      },
      {
        call: "GET /download/original-video-files/see.mov?videoFileToken=ptok1",
        body: film,
        authorization: null,
      },
      {
        call: `GET ${video(UUIDS.original)}/captions`,
        body: {
          total: 2,
          data: [
            {
              language: { id: "de", label: "German" },
              fileUrl: `${files}/lazy-static/de.vtt`,
              automaticallyGenerated: false,
            },
            { language: { id: "en", label: "English" }, captionPath: "/lazy-static/en.vtt" },
          ],
        },
      },
      {
        call: "GET /lazy-static/de.vtt",
        authorization: null,
        body: "WEBVTT\n\n00:00.500 --> 00:02.000\nDas Wasser\n",
      },
      { call: "GET /lazy-static/en.vtt", status: 404, body: { status: 404, detail: "No such captions" } },
      {
        call: `GET ${video(UUIDS.split)}`,
        body: {
          ...{ ...videos[1], ...detail, description: null, tags: [] },
          files: [file(api, 5, 240, {})],
          streamingPlaylists: [
            {
              files: [
                file(api, 6, 720, { hasAudio: false }),
                file(api, 7, 480, { hasAudio: false }),
                file(api, 8, 0, { hasVideo: false }),
              ],
            },
          ],
        },
      },
      { call: `GET ${video(UUIDS.split)}/chapters`, status: 404, body: { status: 404, detail: "Not found" } },
      {
        call: `GET ${video(UUIDS.split)}/source`,
        status: 404,
        body: { status: 404, detail: "Video source not found" },
      },
      {
        call: `POST ${video(UUIDS.split)}/token`,
        body: { files: { token: "ptok2", expires: "2026-02-01T00:00:00Z" } },
      },
      {
        ...{
          call: `GET /download/videos/generate/${UUIDS.split}?videoFileIds=6&videoFileIds=8&videoFileToken=ptok2`,
        },
        ...{ body: film, authorization: null },
      },
      { call: `GET ${video(UUIDS.split)}/captions`, body: { total: 0, data: [] } },
    ];
  };
