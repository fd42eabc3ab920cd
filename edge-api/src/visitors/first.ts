/** The playlists that play first, written into the page, so that the first frame needs only two responses, not five. */
import type { ShownVideo } from "@storagex/contract/sharing";
import type { FirstList } from "@storagex/web/visitor";
import type { Edge } from "../context.ts";
import { log, reasonOf } from "../observe/log.ts";
import { readToken } from "../playback/access.ts";
import { playlistFor } from "../playback/playlists.ts";
import { requireStanding } from "../playback/standing.ts";

/** A longer list comes by itself, beside the player's script. */
const MAX_CHARACTERS = 60_000;

/** The multivariant playlist, its smallest rendition and its default audio; empty where they are long. */
export async function firstLists(edge: Edge, playback: ShownVideo["playback"]): Promise<FirstList[]> {
  if (!playback?.hls || playback.state !== "complete") return [];
  try {
    const base = playback.hls.slice(0, -"master.m3u8".length);
    const right = await readToken(edge.config, base.split("/").at(-2) ?? "", Date.now());
    if (!right) return [];
    const standing = await requireStanding(edge, right);
    const text = async (name: string) =>
      new Response(await (await playlistFor(edge, standing, name)).body()).text();
    const master = await text("master");
    const names = startOf(master);
    const lists = await Promise.all(
      names.map(async (name) => ({ url: `${base}${name}.m3u8`, text: await text(name) })),
    );
    const all = [{ url: playback.hls, text: master }, ...lists];
    return all.reduce((sum, list) => sum + list.text.length, 0) > MAX_CHARACTERS ? [] : all;
  } catch (error) {
    // The player asks for them itself.
    log("warn", "a page came without its playlists", { reason: reasonOf(error) });
    return [];
  }
}

/** The names of the smallest rendition and of the default audio. */
function startOf(master: string): string[] {
  const variants = [...master.matchAll(/^#EXT-X-STREAM-INF:.*?\bBANDWIDTH=(\d+).*\n(.+)\.m3u8$/gm)];
  const [smallest] = variants.sort((a, b) => Number(a[1]) - Number(b[1]));
  const audio = /^#EXT-X-MEDIA:TYPE=AUDIO.*DEFAULT=YES.*URI="([\w-]+)\.m3u8"/m.exec(master);
  return [smallest?.[2], audio?.[1]].filter((name) => name !== undefined);
}
