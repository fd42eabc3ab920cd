/** Captions in HLS: one segment for the whole video, unique names, and a group that the streams reference. */
import { expect, test } from "vitest";
import { captionLines, captionsGroup, captionsPlaylist } from "./captions-list.ts";

const track = (id: string, label: string, language: string | null) => ({ id, key: id, label, language });

test("each track is a rendition of one group; equal and hostile labels stay apart", () => {
  const lines = captionLines([
    track("a", "English", "en"),
    track("b", "English", "en-GB"),
    track("source-0", 'x"\n#EXT-X-ENDLIST', null),
  ]);
  expect(lines).toEqual([
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/a.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English 2",LANGUAGE="en-GB",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/b.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="x\'\'#EXT-X-ENDLIST",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/source-0.m3u8"',
  ]);
});

test("a name that somebody else has is given to nobody", () => {
  const lines = captionLines([track("a", "A", null), track("b", "A 3", null), track("c", "A", null)]);
  expect(lines.map((line) => /NAME="([^"]*)"/.exec(line)?.[1])).toEqual(["A", "A 3", "A 2"]);
});

test("streams name the group only where there is one", () => {
  expect(captionsGroup([])).toEqual([]);
  expect(captionsGroup([track("a", "English", "en")])).toEqual(['SUBTITLES="captions"']);
});

test("one segment covers the whole film, within the target duration", () => {
  expect(captionsPlaylist("https://s/a.vtt?x=1", 12.4)).toBe(
    "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-TARGETDURATION:13\n#EXT-X-MEDIA-SEQUENCE:0\n" +
      "#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:12.400000,\nhttps://s/a.vtt?x=1\n#EXT-X-ENDLIST\n",
  );
});
