/**
 * What browsers record, declared as they declare it: Chromium's MediaRecorder in each type it offers, from a
 * canvas and an oscillator.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { launch } from "../testing/browser.ts";

/** Types that pages ask for; a build of Chromium offers those that it has encoders for. */
const TYPES = [
  "video/webm;codecs=vp8,opus",
  "video/webm;codecs=vp9,opus",
  "video/webm;codecs=h264,opus",
  "video/webm;codecs=av1,opus",
  "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
  "video/mp4;codecs=avc1.42E01E,opus",
  "video/mp4;codecs=vp9,opus",
  "video/mp4;codecs=av01.0.04M.08,opus",
  "video/x-matroska;codecs=avc1,opus",
];
export const RECORDED_SECONDS = 3;

/**
 * In the page: all types at once, of the same three seconds; white and a tone from one second on, for a
 * fifth.
 */
const RECORD = `async (types) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
  const paint = canvas.getContext("2d");
  const context = new AudioContext();
  const sounding = context.createMediaStreamDestination();
  const tone = new OscillatorNode(context, { frequency: 1000 });
  const level = new GainNode(context, { gain: 0 });
  tone.connect(level).connect(sounding);
  tone.start();
  const began = performance.now();
  const from = context.currentTime + 1;
  level.gain.setValueAtTime(0.5, from);
  level.gain.setValueAtTime(0, from + 0.2);
  const timer = setInterval(() => {
    const at = (performance.now() - began) / 1000;
    paint.fillStyle = at >= 1 && at < 1.2 ? "#fff" : "hsl(" + Math.round(at * 90) + " 60% 20%)";
    paint.fillRect(0, 0, 160, 90);
  }, 33);
  const stream = new MediaStream([...canvas.captureStream(30).getTracks(), ...sounding.stream.getTracks()]);
  const recorders = types.filter((type) => MediaRecorder.isTypeSupported(type)).map((mimeType) => {
    const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 300_000 });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start(500);
    return { recorder, parts };
  });
  await new Promise((done) => setTimeout(done, ${RECORDED_SECONDS * 1000}));
  const recorded = [];
  for (const { recorder, parts } of recorders) {
    const stopped = new Promise((done) => { recorder.onstop = done; });
    recorder.stop();
    await stopped;
    const blob = new Blob(parts, { type: recorder.mimeType });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    recorded.push({ type: blob.type, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) });
  }
  clearInterval(timer);
  return recorded;
}`;

const recordedSchema = z.array(z.object({ type: z.string(), base64: z.string() })).min(1);

/** Records into `folder`; returns the files, each with the type of its blob. */
export async function recordInBrowser(folder: string): Promise<{ path: string; contentType: string }[]> {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    // Without a click (or a browser flag) a page may not start audio.
    await page.setContent("<button>record</button>");
    await page.getByRole("button").click();
    const answer: unknown = await page.evaluate(`(${RECORD})(${JSON.stringify(TYPES)})`);
    const recorded = recordedSchema.parse(answer);
    return await Promise.all(
      recorded.map(async ({ type, base64 }, n) => {
        const path = join(folder, `recorded-${n}.${type.startsWith("video/mp4") ? "mp4" : "webm"}`);
        await writeFile(path, Buffer.from(base64, "base64"));
        return { path, contentType: type };
      }),
    );
  } finally {
    await browser.close();
  }
}
