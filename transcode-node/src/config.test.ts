import { expect, test } from "vitest";
import { readBridgeConfig, readWorkerConfig, slotsFor, slotsHere } from "./config.ts";

const worker = {
  AMQP_URL: "amqp://u:p@127.0.0.1:5672",
  EDGE_API_URL: "http://127.0.0.1:3000",
  WORKER_NAME: "worker-1",
  WORKER_CREDENTIAL: "w1.0123456789abcdef",
  WORKER_SCRATCH: "/scratch",
};

test("a worker needs five variables; the rest has defaults, and empty counts as not set", () => {
  expect(readWorkerConfig({ ...worker, WORKER_SLOTS: "", H264_ENCODER: "" })).toMatchObject({
    WORKER_SLOTS: slotsHere(),
    WORKER_HEALTH_PORT: 0,
    H264_ENCODER: "software",
    FFMPEG_PATH: "ffmpeg",
    LOG_LEVEL: "info",
  });
});

test("every bad variable stands in one message, with an example", () => {
  const read = () =>
    readWorkerConfig({
      ...worker,
      AMQP_URL: "localhost",
      WORKER_CREDENTIAL: "secret",
      H264_ENCODER: "cuda",
    });
  expect(read).toThrow(/AMQP_URL: .*for example amqp:/);
  expect(read).toThrow(/WORKER_CREDENTIAL: must be id\.secret .for example/);
  expect(read).toThrow(/H264_ENCODER: .*software.*auto.*nvenc.*qsv.*vaapi/);
  expect(() => readWorkerConfig({})).toThrow(/WORKER_SCRATCH: must be a folder/);
});

test("the bridge refuses keys that are no JSON, no set, or not P-256", () => {
  const at = (keys: string) => () =>
    readBridgeConfig({ AMQP_URL: worker.AMQP_URL, BRIDGE_VERIFY_KEYS: keys });
  expect(at("{")).toThrow(/BRIDGE_VERIFY_KEYS: is not JSON/);
  expect(at('{"keys":[]}')).toThrow(/BRIDGE_VERIFY_KEYS/);
  expect(at('{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}')).toThrow(/BRIDGE_VERIFY_KEYS/);
  expect(at('{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","kid":"1"}]}')).not.toThrow();
});

test.each([
  [1, 8, 2],
  [2, 4, 2],
  [8, 64, 2],
  [16, 64, 4],
  [64, 16, 9],
  [32, 2.5, 1],
  [4, 0.5, 1],
])("%i cores and %f GiB serve %i tasks best", (cores, gib, slots) => {
  expect(slotsFor(cores, gib * 2 ** 30)).toBe(slots);
});

test("a slot count that is given wins", () => {
  expect(readWorkerConfig({ ...worker, WORKER_SLOTS: "7" }).WORKER_SLOTS).toBe(7);
});
