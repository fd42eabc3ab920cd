/** The facts of a video as rows of label and value. */
import { codecName } from "@storagex/contract/formats/codecs";
import type { AudioTrackInfo, VideoDetail } from "@storagex/contract/video";
import { For, type JSX } from "solid-js";
import { Ago } from "../ui/Ago.tsx";
import { formatClock, formatFrameRate, formatLoudness, formatSize } from "../ui/format.ts";
import { Rows } from "../ui/Rows.tsx";

export function Facts(props: { video: VideoDetail }): JSX.Element {
  return (
    <section aria-labelledby="facts-title" class="grid gap-3">
      <h2 id="facts-title" class="headline text-large">
        Facts
      </h2>
      <Rows rows={rows(props.video)} />
    </section>
  );
}

function rows(video: VideoDetail): [string, JSX.Element][] {
  const { source } = video;
  const all: [string, JSX.Element | null][] = [
    ["File", <bdi>{video.filename}</bdi>],
    ["Size", formatSize(video.size)],
    ["Length", video.duration === null ? null : formatClock(video.duration)],
    ["Picture", video.width === null || video.height === null ? null : `${video.width}×${video.height}`],
    [
      "Source",
      source && `${codecName(source.codec)} · ${formatFrameRate(source.frameRate)} · ${source.bitDepth} bit`,
    ],
    ["Audio", source && audioOf(source.audioTracks)],
    ["Uploaded", <Ago at={video.createdAt} />],
    ["Ready", video.completedAt === null ? null : <Ago at={video.completedAt} />],
    ["Id", video.id],
  ];
  return all.filter((row): row is [string, JSX.Element] => row[1] !== null);
}

/** One line per track. */
function audioOf(tracks: AudioTrackInfo[]): JSX.Element {
  if (tracks.length === 0) return "none";
  const facts = ({ name, codec, channels, loudness }: AudioTrackInfo) => [
    ...(tracks.length > 1 || name !== "Audio" ? [name] : []),
    codecName(codec),
    `${channels} ch`,
    ...(loudness === null ? [] : [formatLoudness(loudness)]),
  ];
  return <For each={tracks}>{(track) => <span class="block">{facts(track).join(" · ")}</span>}</For>;
}
