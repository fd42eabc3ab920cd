/** Routes for players: playlists, the storyboard and their reports, by the token in their path. */
import { playRoutes } from "@storagex/contract/routes/play";
import type { App } from "../app-env.ts";
import { countReport } from "../audience/audience.ts";
import { edgeOf } from "../context.ts";
import { isNamed } from "../http/answers/etag.ts";
import { takesGzip } from "../http/answers/gzip.ts";
import { rightOf, viewerOf } from "../http/principal.ts";
import { clientNetwork } from "../identity/attempts/client-address.ts";
import { captionsPlaylistFor, playlistFor, storyboardFor } from "../playback/playlists.ts";
import { requireStanding } from "../playback/standing.ts";
import { problem } from "../problem/problem.ts";

const M3U8 = "application/vnd.apple.mpegurl";

export function mountPlayback(app: App): void {
  app.openapi(playRoutes.beat, async (c) => {
    const isPrivate = c.req.header("dnt") === "1" || c.req.header("sec-gpc") === "1";
    const right = rightOf(c);
    const report = {
      ...{ right, beat: c.req.valid("json"), isPrivate, stands: false },
      network: clientNetwork(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER),
      userAgent: c.req.header("user-agent"),
      languages: c.req.header("accept-language"),
    };
    if (!(await countReport(c.env, report))) {
      // A video that was private for a short time is watched again.
      await requireStanding(edgeOf(c), right);
      await countReport(c.env, { ...report, stands: true });
    }
    return c.body(null, 204);
  });

  app.get(playRoutes.storyboard.getRoutingPath(), async (c) => {
    const text = await storyboardFor(edgeOf(c), viewerOf(c).standing);
    return c.body(text, 200, {
      "content-type": "text/vtt; charset=utf-8",
      "cache-control": "private, max-age=60",
    });
  });

  app.get(playRoutes.captionsPlaylist.getRoutingPath(), async (c) => {
    const id = /^([a-z0-9-]{1,40})\.m3u8$/.exec(c.req.param("file"))?.[1];
    if (!id) throw problem("request.not_found");
    const text = await captionsPlaylistFor(edgeOf(c), viewerOf(c).standing, id);
    return c.body(text, 200, { "content-type": M3U8, "cache-control": "private, max-age=60" });
  });

  app.get(playRoutes.playlist.getRoutingPath(), async (c) => {
    const name = /^([a-z0-9-]{1,24})\.m3u8$/.exec(c.req.param("file"))?.[1];
    if (!name) throw problem("request.not_found");
    const { body, etag, isFinal, isLong } = await playlistFor(edgeOf(c), viewerOf(c).standing, name);
    // The runtime compresses it. Other bytes need another strong ETag, or a weak one (RFC 9110, section 8.8.1).
    const isPacked = isLong && takesGzip(c.req.header("accept-encoding"));
    const headers = {
      etag: isPacked ? `W/${etag}` : etag,
      vary: "accept-encoding",
      // Every viewer requests a growing playlist every few seconds, and it seldom has changed.
      "cache-control": isFinal ? "private, max-age=60" : "private, no-cache",
    };
    if (isNamed(c.req.header("if-none-match"), etag)) return c.body(null, 304, headers);
    return c.body(await body(), 200, {
      ...headers,
      "content-type": M3U8,
      ...(isPacked && { "content-encoding": "gzip" }),
    });
  });
}
