/** The facts of a video as rows of label and value. */
import { codecName } from "@storagex/contract/formats/codecs";
import type { AudioTrackInfo, VideoDetail } from "@storagex/contract/videos/video";
import { For, type JSX } from "solid-js";
import { t } from "../../messages/video.ts";
import { Ago } from "../../ui/Ago.tsx";
import { formatFrameRate, formatLoudness } from "../../ui/format.ts";

export function Facts(props: { video: VideoDetail }): JSX.Element {
  return (
    <section aria-labelledby="facts-title" class="grid gap-3">
      <h2 id="facts-title" class="label">
        {t("source")}
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
    [t("facts").file, <bdi>{video.filename}</bdi>],
    [
      t("facts").video,
      source && t("codecFacts", codecName(source.codec), source.bitDepth, formatFrameRate(source.frameRate)),
    ],
    [t("facts").audio, source && audioOf(source.audioTracks)],
    [t("facts").ready, video.completedAt === null ? null : <Ago at={video.completedAt} />],
    [t("facts").id, video.id],
  ];
  return all.filter((row): row is [string, JSX.Element] => row[1] !== null);
}

/** One line per track. */
function audioOf(tracks: AudioTrackInfo[]): JSX.Element {
  if (tracks.length === 0) return t("noAudio");
  const facts = ({ name, codec, channels, loudness }: AudioTrackInfo) => [
    ...(tracks.length > 1 || name !== "Audio" ? [name] : []),
    codecName(codec),
    t("channels", channels),
    ...(loudness === null ? [] : [formatLoudness(loudness)]),
  ];
  return <For each={tracks}>{(track) => <span class="block">{facts(track).join(" · ")}</span>}</For>;
}
