/**
 * The corpus: awkward inputs, one per line, each with the video it becomes or the reason why it is refused.
 */
import type { MediaFailureCode } from "@storagex/contract/media/failure";
import { turned } from "../testing/turned.ts";
import { cut, type Damage, followedBy, hollow, ledBy, made, patch, scar, twice } from "./recipe.ts";

/**
 * What the finished MP4 holds: `slack` is the tolerance in frames; `tracks` counts the audio renditions,
 * `audioSeconds` is their length.
 */
export type Video = {
  frames: number;
  rate: number;
  size: string;
  slack: number;
  tracks: number;
  audioSeconds: number;
};
export type Input = {
  name: string;
  /** `trap` is an address that must never be requested. */
  bytes(trap: string): Promise<Buffer> | Buffer;
  ends: Video | MediaFailureCode;
};

const STANDARD: Video = { frames: 50, rate: 25, size: "160x90", slack: 0, tracks: 1, audioSeconds: 2 };
const mute = { tracks: 0 };
/**
 * Audio that begins before the video (AAC's priming where the container does not hide it) extends the first
 * frame.
 */
const primed = { slack: 1 };
/** Containers without exact timestamps. */
const loose = { slack: 2 };

const good = (name: string, recipe: string, more: Partial<Video> = {}, ...damage: Damage[]): Input => ({
  name,
  bytes: async () => damage.reduce((bytes, befall) => befall(bytes), await made(name, recipe)),
  ends: { ...STANDARD, ...more },
});
const bad = (name: string, reason: MediaFailureCode, recipe: string, ...damage: Damage[]): Input => ({
  ...good(name, recipe, {}, ...damage),
  ends: reason,
});
const fake = (name: string, reason: MediaFailureCode, bytes: (trap: string) => string | Buffer): Input => ({
  name,
  bytes: (trap) => Buffer.from(bytes(trap)),
  ends: reason,
});

// biome-ignore format: one input per line.
const CONTAINERS: Input[] = [
  good("index-last.mp4", "V A H264 AAC"),
  good("index-first.mp4", "V A H264 AAC -movflags +faststart"),
  good("fragments.mp4", "V A H264 AAC -movflags +frag_keyframe+empty_moov", primed),
  good("a-fragment-a-frame.mp4", "V A H264 AAC -movflags +frag_every_frame+empty_moov+default_base_moof", primed),
  good("phone.3gp", "V A H264 AAC -f 3gp"),
  good("apple.m4v", "V A H264 AAC -f ipod"),
  good("flash.f4v", "V A H264 AAC -f f4v"),
  good("no-cues.mkv", "V A H264 AAC | COPY -live 1 -f matroska", primed),
  good("recorder.webm", "V A -c:v libvpx -deadline realtime -c:a libopus -live 1 -f webm"),
  good("h264.avi", "V A H264 -c:a mp3", loose),
  good("h264.flv", "V A H264 AAC", loose),
  good("broadcast.mxf", "V A -c:v mpeg2video -bf 2 -c:a pcm_s16le -ar 48000"),
  good("camcorder.dv", "V:size=720x576 A -c:v dvvideo -pix_fmt yuv420p -ar 48000 -ac 2 -aspect 4:3", { size: "768x576" }),
  good("tuner.ts", "V A -c:v mpeg2video -c:a mp2 -f mpegts", loose),
  good("hevc.ts", "V A HEVC AAC -f mpegts", loose),
  good("two-programs.ts", "V A V A -map 0 -map 1 -map 2 -map 3 H264 AAC -program st=0:st=1 -program st=2:st=3", loose),
  good("clock-wraps.ts", "V A H264 AAC -output_ts_offset 95442.7 -muxdelay 0", loose),
  good("an-hour-in.ts", "V A H264 AAC -output_ts_offset 3600", loose),
  good("an-hour-in.mkv", "V A H264 AAC -output_ts_offset 3600", primed),
  good("an-hour-in.mp4", "V A H264 AAC -output_ts_offset 3600", primed),
  good("cut-without-encoding.mp4", "V A H264 AAC | -ss 0.5 COPY", { frames: 38, slack: 2, audioSeconds: 1.5 }),
  good("before-zero.mkv", "V A H264 AAC | COPY -output_ts_offset -0.5 -avoid_negative_ts disabled", primed),
  good("joined.ts", "V A H264 AAC", { frames: 100, audioSeconds: 4, ...loose }, twice),
];

// biome-ignore format: one input per line.
const FRAMES: Input[] = [
  good("10-bit-422.mov", "V A H264 -pix_fmt yuv422p10le AAC"),
  good("444.mp4", "V A H264 -pix_fmt yuv444p AAC"),
  good("gray-10.mkv", "V -c:v ffv1 -pix_fmt gray10le", mute),
  good("12-bit.mkv", "V -c:v ffv1 -pix_fmt yuv420p12le", mute),
  good("profile-2.webm", "V -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p10le", mute),
  good("alpha.webm", "V -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuva420p", mute),
  good("alpha.mov", "V -c:v prores_ks -pix_fmt yuva444p10le", mute),
  good("pq.mp4", "V HEVC -pix_fmt yuv420p10le PQ", mute),
  good("hlg.mkv", "V H264 -pix_fmt yuv420p10le HLG", mute),
  good("divx3.avi", "V A -c:v msmpeg4 -c:a mp3", loose),
  good("raw.avi", "V -c:v rawvideo -pix_fmt yuv420p", mute),
  good("huffyuv.avi", "V A -c:v huffyuv -c:a pcm_s16le"),
  good("old-phone.3gp", "V:size=176x144 -c:v h263", { size: "176x144", ...mute }),
  good("camcorder.avi", "V:size=720x576 A -c:v dvvideo -pix_fmt yuv420p -ar 48000 -ac 2 -c:a pcm_s16le -aspect 4:3", { size: "768x576" }),
  good("top-first.ts", "V:rate=50 -vf tinterlace=interleave_top,setfield=tff -c:v mpeg2video -flags +ildct+ilme -f mpegts", { ...mute, ...loose }),
  good("bottom-first.mkv", "V:rate=50:size=160x96 -vf tinterlace=interleave_bottom,setfield=bff H264 -flags +ildct+ilme -top 0", { size: "160x96", ...mute }),
  good("turned-90.mp4", "V A H264 AAC | COPY", { size: "90x160" }, (bytes) => turned(bytes, 90)),
  good("turned-180.mov", "V A H264 AAC | COPY", {}, (bytes) => turned(bytes, 180)),
  good("turned-270.mp4", "V A H264 AAC | COPY", { size: "90x160" }, (bytes) => turned(bytes, 270)),
  good("wide-pixels.mp4", "V H264 -vf setsar=4/3", { size: "214x90", ...mute }),
  good("tall-pixels.mkv", "V H264 -vf setsar=1/2", { size: "160x180", ...mute }),
  good("wide-pixels-turned.mp4", "V H264 -vf setsar=4/3", { size: "90x214", ...mute }, (bytes) => turned(bytes, 90)),
  good("odd.webm", "V -vf scale=161:91 -c:v libvpx -deadline realtime", { size: "162x92", ...mute }),
  good("speck.mkv", "V:size=2x2 -c:v ffv1", { size: "2x2", ...mute }),
  good("wall.mp4", "V:size=4096x64:duration=1 H264", { frames: 25, size: "4096x64", ...mute }),
  good("tower.mp4", "V:size=64x4096:duration=1 H264", { frames: 25, size: "64x4096", ...mute }),
  good("three-rungs.mp4", "V:size=1280x720:duration=1 A H264 AAC", { frames: 50, size: "1280x720" }),
  good("one-of-ours.mp4", "V:size=640x480 A -c:v libx264 -bf 3 -g 50 -pix_fmt yuv420p BT709 AAC", { size: "640x480" }),
  good("two-videos.mp4", "V V:size=320x180 A -map 0 -map 1 -map 2 H264 AAC"),
];

const APART = "-vf setpts=N*36000/TB";

// biome-ignore format: one input per line.
const TIMES: Input[] = [
  good("120-fps.mp4", "V:rate=120 H264", { frames: 120, rate: 60, ...mute }),
  good("23.976.mkv", "V:rate=24000/1001 A H264 AAC", { frames: 48, rate: 24000 / 1001, ...primed }),
  good("one-frame.webm", "V -c:v libvpx -frames:v 1", { frames: 1, ...mute }),
  good("slides.mp4", "V:rate=1/2:duration=6 H264", { frames: 144, rate: 24000 / 1001, slack: 1, ...mute }),
  good("hole.mkv", "V:rate=30:duration=3 A -vf select='not(between(t,1,2))' -fps_mode vfr H264 AAC", {
    frames: 90,
    rate: 30,
    slack: 25,
  }),
  good("video-late.mp4", "V A H264 AAC | -i PREVIOUS -itsoffset 0.4 -i PREVIOUS -map 1:v -map 0:a -c copy", { frames: 60 }),
  good("audio-late.mp4", "V A -af adelay=0 H264 AAC | -i PREVIOUS -itsoffset 0.5 -i PREVIOUS -map 0:v -map 1:a -c copy", { frames: 62, audioSeconds: 2.5, ...primed }),
  good("audio-longer.mp4", "V -f lavfi -i sine=duration=6 H264 AAC", { frames: 150, audioSeconds: 6 }),
  good("video-longer.mp4", "V:duration=3 -f lavfi -i sine=duration=1 H264 AAC", { frames: 75, audioSeconds: 1 }),
  good("says-31-years.mkv", "V A H264 AAC", primed, patch("4489", 3, "41cdcd6500000000")),
  bad("two-frames-in-ten-hours.mkv", "source.too_sparse", `V:duration=0.08 ${APART} H264 -fps_mode passthrough`),
  bad("two-frames-in-ten-hours.mp4", "source.too_sparse", `V:duration=0.08 ${APART} H264 -fps_mode passthrough`),
  good("a-slide-a-minute.mkv", "V:rate=1/60:duration=660 H264", { frames: 1320, rate: 2, slack: 2, ...mute }),
  good("a-slide-a-minute.mp4", "V:rate=1/60:duration=660 H264", { frames: 1320, rate: 2, slack: 2, ...mute }),
  good("slow-screen.mp4", "V:rate=1:duration=660:size=64x36 H264", { frames: 660, rate: 1, size: "64x36", ...mute }),
  bad("25-hours.mkv", "source.too_long", "V:rate=1 -vf setpts=N*90000/TB H264 -fps_mode passthrough"),
];

// biome-ignore format: one input per line.
const AUDIO: Input[] = [
  good("two-languages.mkv", "V A A -map 0 -map 1 -map 2 H264 AAC -metadata:s:a:0 language=eng -metadata:s:a:1 language=fra", { tracks: 2, ...primed }),
  good("surround.mkv", "V -f lavfi -i sine=duration=2,aformat=channel_layouts=5.1 H264 -c:a ac3"),
  good("cinema.mkv", "V -f lavfi -i sine=duration=2,aformat=channel_layouts=7.1 H264 -c:a flac"),
  good("dts.mkv", "V -f lavfi -i sine=duration=2,aformat=channel_layouts=5.1 H264 -c:a dca -strict -2"),
  good("walkie-talkie.avi", "V A H264 -ar 8000 -ac 1 -c:a adpcm_ima_wav", loose),
  good("pcm.mkv", "V A H264 -c:a pcm_f32le"),
  good("hi-res.mkv", "V -f lavfi -i sine=duration=2:sample_rate=192000 H264 -c:a flac"),
  good("opus.mp4", "V A H264 -c:a libopus"),
  good("mp3.mp4", "V A H264 -c:a mp3"),
  good("wavpack.mkv", "V A H264 -c:a wavpack", mute),
  good("33-tracks.mkv", `V A -map 0 ${"-map 1 ".repeat(33)} H264 AAC`, { tracks: 8, ...primed }),
  bad("66-streams.mkv", "source.too_many_streams", `V A -map 0 ${"-map 1 ".repeat(65)} H264 -c:a pcm_u8 -ar 8000 -t 0.2`),
];

// biome-ignore format: one input per line.
const BESIDES: Input[] = [
  good("srt.mkv", "V A -i words.srt H264 AAC -c:s srt -metadata:s:s language=deu", primed),
  good("ass.mkv", "V A -i words.ass H264 AAC -c:s ass -attach font.ttf -metadata:s:t mimetype=font/ttf", primed),
  good("vtt.webm", "V A -i words.vtt -c:v libvpx -deadline realtime -c:a libopus -c:s webvtt"),
  good("tx3g.mp4", "V A -i words.srt H264 AAC -c:s mov_text"),
  good("timecode.mov", "V A H264 AAC -timecode 01:00:00:00"),
  good("chapters.mp4", "V A -i chapters.txt -map_metadata 2 -map 0 -map 1 H264 AAC"),
  good("here-i-live.mov", "V A H264 AAC -metadata location=+48.8584+002.2945/ -metadata title=Secret -movflags use_metadata_tags"),
  bad("drm.mp4", "source.encrypted", "V H264 -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8"),
];

// biome-ignore format: one input per line.
const DAMAGED: Input[] = [
  bad("half.mp4", "source.truncated", "V A H264 AAC -movflags +faststart", cut(0.5)),
  bad("nearly-all.mov", "source.truncated", "V A H264 AAC", cut(0.99)),
  bad("no-index.mp4", "source.truncated", "V A H264 AAC", cut(0.3)),
  good("half.ts", "V A H264 AAC", { frames: 25, slack: 12, audioSeconds: 1 }, cut(0.5)),
  good("half.flv", "V A H264 AAC", { frames: 25, slack: 12, audioSeconds: 1 }, cut(0.5)),
  good("half.avi", "V A -c:v mpeg4 -c:a mp3", { frames: 25, slack: 12, audioSeconds: 1 }, cut(0.5)),
  good("half.ogv", "V A -c:v libtheora -c:a libvorbis", { frames: 25, slack: 14, audioSeconds: 1 }, cut(0.5)),
  good("half-recorded.webm", "V A -c:v libvpx -deadline realtime -c:a libopus -live 1 -f webm", { frames: 25, slack: 14, audioSeconds: 1 }, cut(0.5)),
  bad("half.mkv", "source.truncated", "V A H264 AAC", cut(0.5)),
  good("scar.ts", "V A H264 AAC", { slack: 4 }, scar(0.5, 900)),
  good("scar.mkv", "V A H264 AAC", { slack: 4 }, scar(0.5, 900)),
  good("scar.mp4", "V A H264 AAC -movflags +faststart", { slack: 4 }, scar(0.6, 900)),
  good("zeros-after.mp4", "V A H264 AAC", {}, followedBy(Buffer.alloc(5000))),
  good("text-after.mkv", "V A H264 AAC", primed, followedBy("appended by a broken tool ".repeat(100))),
  good("junk-before.ts", "V A H264 AAC", loose, ledBy(Buffer.alloc(100, 1))),
  good("much-junk-before.ts", "V A H264 AAC", loose, ledBy(Buffer.alloc(5000, 1))),
  good("ogg-mark-before.ts", "V A H264 AAC", loose, ledBy("OggS nothing of the kind")),
  good("pack-header-before.ts", "V A H264 AAC", loose, ledBy(Buffer.from("000001ba44000400".padEnd(120, "00"), "hex"))),
  // The last frame is held where the others cannot be decoded: the duration stays true.
  good("hollow-end.mp4", "V A H264 AAC -bf 0 -movflags +faststart", { audioSeconds: 1.8 }, hollow(0.93)),
  bad("hollow.mp4", "source.truncated", "V A H264 AAC", hollow(0.5)),
  bad("no-frames.mp4", "source.no_video", "V A H264 AAC | COPY -bsf:v noise=drop=1"),
  bad("unknown-codec.avi", "source.unsupported_codec", "V A -c:v magicyuv -c:a pcm_s16le"),
  bad("png.mov", "source.unsupported_codec", "V:duration=1 -c:v png"),
];

// biome-ignore format: one input per line.
const FAKES: Input[] = [
  bad("song.mp3", "source.not_video", "A -c:a mp3"),
  bad("song.wav", "source.not_video", "A -c:a pcm_s16le"),
  bad("cartoon.gif", "source.not_video", "V:duration=1 -c:v gif"),
  bad("photo.webp", "source.not_video", "V -frames:v 1 -c:v libwebp"),
  fake("letter.pdf", "source.not_video", () => `%PDF-1.7\n${"1 0 obj << >> endobj\n".repeat(99)}`),
  fake("locked.zip", "source.not_video", () => Buffer.from(`504b030414000900630000${"a7".repeat(900)}`, "hex")),
  fake("program.exe", "source.not_video", () => Buffer.from(`4d5a9000${"03".repeat(900)}`, "hex")),
  bad("bare.m2v", "source.bare_stream", "V -c:v mpeg2video"),
  bad("bare.264", "source.bare_stream", "V H264"),
  bad("bare.265", "source.bare_stream", "V HEVC"),
  fake("nulls.mp4", "source.not_video", () => Buffer.alloc(9000)),
  fake("list.m3u8", "source.not_video", (trap) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${trap}\n#EXT-X-ENDLIST\n`),
  fake("key.m3u8", "source.not_video", (trap) => `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${trap}"\n#EXTINF:2,\n${trap}\n`),
  fake("dash.mpd", "source.not_video", (trap) => `<?xml version="1.0"?><MPD><Period><BaseURL>${trap}</BaseURL></Period></MPD>`),
  fake("concat.txt", "source.not_video", (trap) => `ffconcat version 1.0\nfile '${trap}'\n`),
  fake("stream.sdp", "source.not_video", () => "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"),
  fake("list-in-ogg.ogv", "source.damaged", (trap) => `OggS\n#EXTM3U\n#EXTINF:2,\n${trap}\n`),
  fake("list-in-flv.flv", "source.damaged", (trap) => `FLV\n#EXTM3U\n#EXTINF:2,\n${trap}\n`),
];

export const INPUTS: readonly Input[] = [
  ...CONTAINERS,
  ...FRAMES,
  ...TIMES,
  ...AUDIO,
  ...BESIDES,
  ...DAMAGED,
  ...FAKES,
];
