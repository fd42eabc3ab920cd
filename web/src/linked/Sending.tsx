/** An upload by a link while it is sent, and its video from the first seconds on that can be played. */
import type { PlayablePlayback as Playback } from "@storagex/contract/videos/playback";
import {
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  lazy,
  on,
  onCleanup,
  onMount,
  Show,
  untrack,
} from "solid-js";
import { reachable, throughOutages, waiting } from "../api/network.ts";
import { t } from "../messages/linked.ts";
import { failureText } from "../messages/of-api.ts";
import { Player } from "../player/Player.tsx";
import { createRemote } from "../player/remote.ts";
import { formatSize } from "../ui/format.ts";
import { LoadedPart } from "../ui/LoadedPart.tsx";
import { Reason } from "../ui/Reason.tsx";
import { StatusBar } from "../ui/StatusBar.tsx";
import { answered, ask, question } from "../upload/questions.ts";
import { uploadFacts, uploadStatus } from "../upload/status/upload-status.ts";
import { pageStatus } from "../video/page/status-of-page.ts";
import type { RememberedUpload } from "./remembered-upload.ts";
import { createLinkedUpload, type LinkedUpload } from "./upload.ts";

const Questions = lazy(() => import("../upload/tray/Questions.tsx"));

/** Of the player's place; the upload's own is not known when the page is drawn. */
const SHAPE = 16 / 9;

export default function Sending(props: {
  link: string;
  remembered: RememberedUpload;
  /** Undefined after a reload: it must be chosen again. */
  file: File | undefined;
  /** Opens the file dialog. */
  choose: (take: (file: File) => void) => void;
  /** Files that were dropped since. */
  dropped: () => File | undefined;
  /** The link takes no upload any more. */
  onRefused: () => void;
  /** Nothing more of it is to be sent: it is stored, or was refused. */
  onSent: (isRefused: boolean) => void;
  /** Gets what says whether leaving the page would interrupt the upload. */
  onSending: (isSending: () => boolean) => void;
  /** Whether the link takes another upload. */
  takesMore: boolean;
  /** This upload is over, and another may begin. */
  onDone: () => void;
}): JSX.Element {
  const upload = createLinkedUpload(props.link, props.remembered, props.file !== undefined, props.onRefused);
  const [isOther, setOther] = createSignal(false);
  const send = (file: File) => setOther(!upload.send(file));
  onMount(() => {
    if (props.file) send(props.file);
  });
  props.onSending(() => ["sending", "finishing"].includes(upload.state().state) && !upload.isSent());
  createEffect(
    on(upload.isSent, (isSent) => isSent && props.onSent(upload.video()?.status === "failed"), {
      defer: true,
    }),
  );
  const isMissing = () => !upload.isSent() && upload.state().state === "missing";
  const takesFile = () => isMissing() || (!upload.isSent() && upload.state().state === "failed");
  createEffect(on(props.dropped, (file) => file && takesFile() && send(file), { defer: true }));
  const { name, size } = untrack(() => props.remembered);
  return (
    <div class="grid gap-5">
      <div class="stage" style={{ "--shape": SHAPE }}>
        <Stage upload={upload} isMissing={isMissing()} />
        <div class="border-t-3 border-ink">
          <Bar upload={upload} about={name} choose={takesFile() ? () => props.choose(send) : undefined} />
        </div>
      </div>
      <div class="grid gap-2">
        <h1 dir="auto" class="text-title font-bold wrap-anywhere">
          {upload.video()?.title ?? name}
        </h1>
        <p class="number text-mute">{upload.isSent() ? formatSize(size) : uploadFacts(upload.state())}</p>
        <Show when={isMissing()}>
          <p>{t("missing", name, formatSize(size))}</p>
        </Show>
        <Show when={isOther()}>
          <p role="alert" class="border-l-[6px] border-fail pl-2 font-bold">
            {t("otherFile", name, formatSize(size))}
          </p>
        </Show>
        <Show when={upload.state().reason}>{(reason) => <Reason message={reason()} />}</Show>
      </div>
      <Show when={question()}>
        <LoadedPart onMissing={answered}>
          <Questions />
        </LoadedPart>
      </Show>
      <Foot
        upload={upload}
        onChoose={takesFile() ? () => props.choose(send) : undefined}
        onAnother={props.takesMore ? props.onDone : undefined}
        onCancelled={props.onDone}
      />
    </div>
  );
}

function Bar(props: { upload: LinkedUpload; about: string; choose: (() => void) | undefined }): JSX.Element {
  const words = () => {
    const video = props.upload.video();
    if (props.upload.isSent() && video) return pageStatus(video);
    return uploadStatus(props.upload.state(), { place: 1, isAway: !reachable() || waiting() > 0 });
  };
  const press = () => props.upload.press() ?? props.choose;
  return <StatusBar words={words()} about={props.about} onPress={press()} />;
}

/** The player once something can be played; until then its place, of the same size. */
function Stage(props: { upload: LinkedUpload; isMissing: boolean }): JSX.Element {
  const [playback, setPlayback] = createSignal<Playback>();
  const video = props.upload.video;
  const isPlayable = createMemo(() => video()?.playable === true || video()?.status === "completed");
  const isWhole = createMemo(() => video()?.status === "completed");
  createEffect(
    on([isPlayable, isWhole], ([can]) => {
      if (!can) return;
      const ended = new AbortController();
      onCleanup(() => ended.abort());
      void throughOutages(props.upload.playback, ended.signal).then(
        // Of two answers the later one may be the older.
        (answer) => !ended.signal.aborted && setPlayback(answer),
        () => undefined,
      );
    }),
  );
  const remote = createRemote();
  return (
    <Show
      when={isPlayable() ? video() : undefined}
      fallback={
        <div class="hatch stage-unready">
          <div class="player-picture" />
          <div class="stage-news">
            <Show
              when={video()?.error}
              fallback={
                <p class="frame max-w-md p-4 text-center font-bold text-balance">
                  {t(props.upload.isSent() ? "awaits" : props.isMissing ? "chooseAgain" : "keepOpen")}
                </p>
              }
            >
              {(error) => (
                <div class="max-w-xl">
                  <Reason message={failureText(error())} code={error().code} />
                </div>
              )}
            </Show>
          </div>
        </div>
      }
    >
      {(shown) => (
        <Player
          title={shown().title}
          poster={shown().poster}
          playback={playback()}
          renew={props.upload.playback}
          shape={SHAPE}
          duration={shown().duration}
          chapters={shown().chapters}
          plays={false}
          remote={remote}
        />
      )}
    </Show>
  );
}

function Foot(props: {
  upload: LinkedUpload;
  onChoose: (() => void) | undefined;
  onAnother: (() => void) | undefined;
  onCancelled: () => void;
}): JSX.Element {
  const cancel = () =>
    ask({
      kind: "cancel",
      name: props.upload.state().name,
      stored: props.upload.state().sent,
      size: props.upload.state().size,
      cancel: () => void props.upload.cancel().then(props.onCancelled),
    });
  return (
    <Show
      when={props.upload.isSent()}
      fallback={
        <div class="flex flex-wrap gap-4">
          <Show when={props.onChoose}>
            {(choose) => (
              <button type="button" class="button button-signal" onClick={() => choose()()}>
                {t("chooseAgain")}
              </button>
            )}
          </Show>
          <button type="button" class="button" onClick={cancel}>
            {t("cancel")}
          </button>
        </div>
      }
    >
      <Show when={props.upload.video()?.status !== "failed"}>
        <p role="status">{t("arrived")}</p>
      </Show>
      <Show when={props.onAnother}>
        {(another) => (
          <button type="button" class="button justify-self-start" onClick={() => another()()}>
            {t("another")}
          </button>
        )}
      </Show>
    </Show>
  );
}
