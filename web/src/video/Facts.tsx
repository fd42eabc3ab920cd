/** The facts of a video as rows of label and value. */
import { codecName } from "@storagex/contract/formats/codecs";
import type { AudioTrackInfo, VideoDetail } from "@storagex/contract/video";
import { For, type JSX } from "solid-js";
import { Ago } from "../ui/Ago.tsx";
import { formatFrameRate, formatLoudness } from "../ui/format.ts";

export function Facts(props: { video: VideoDetail }): JSX.Element {
  return (
    <section aria-labelledby="facts-title" class="grid gap-3">
      <h2 id="facts-title" class="label">
        Source
      </h2>
      <dl class="facts">
        <For each={rows(props.video)}>
          {([label, value]) => (
            <div>
              <dt>{label}</dt>
              <dd class="number min-w-0 wrap-anywhere">{value}</dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  );
}

function rows(video: VideoDetail): [string, JSX.Element][] {
  const { source } = video;
  const all: [string, JSX.Element | null][] = [
    ["File", <bdi>{video.filename}</bdi>],
    [
      "Video",
      source && `${codecName(source.codec)}, ${source.bitDepth}-bit · ${formatFrameRate(source.frameRate)}`,
    ],
    ["Audio", source && audioOf(source.audioTracks)],
    ["Ready", video.completedAt === null ? null : <Ago at={video.completedAt} />],
    ["ID", video.id],
  ];
  return all.filter((row): row is [string, JSX.Element] => row[1] !== null);
}

/** One line per track. */
function audioOf(tracks: AudioTrackInfo[]): JSX.Element {
  if (tracks.length === 0) return "none";
  const facts = ({ name, codec, channels, loudness }: AudioTrackInfo) => [
    ...(tracks.length > 1 || name !== "Audio" ? [name] : []),
    codecName(codec),
    channelsOf(channels),
    ...(loudness === null ? [] : [formatLoudness(loudness)]),
  ];
  return <For each={tracks}>{(track) => <span class="block">{facts(track).join(" · ")}</span>}</For>;
}

function channelsOf(channels: number): string {
  if (channels === 1) return "mono";
  return channels === 2 ? "stereo" : `${channels} channels`;
}
