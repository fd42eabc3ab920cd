/** Files of every kind through the whole path of the running product; each subject is a module of its own. */
import { beforeAll } from "vitest";
import { audioTests } from "./media/audio.ts";
import { captionsTests } from "./media/captions.ts";
import { formatsTests } from "./media/formats.ts";
import { interlacedTests } from "./media/interlaced.ts";
import { lengthTests } from "./media/length.ts";
import { oddFileTests } from "./media/odd-files.ts";
import { recordingsTests } from "./media/recordings.ts";
import { referenceTests } from "./media/reference.ts";
import { remuxTests } from "./media/remux.ts";
import { syncTests } from "./media/sync.ts";
import { videoTests } from "./media/video.ts";
import { type Person, register } from "./testing/account.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

let stack: Stack;
let person: Person;

beforeAll(async () => {
  stack = await sharedStack();
  person = await register(() => stack.url);
});

const stage = { person: () => person, url: () => stack.url };
recordingsTests(stage);
referenceTests(stage);
videoTests(stage);
interlacedTests(stage);
syncTests(stage);
lengthTests(stage);
audioTests(stage);
formatsTests(stage);
oddFileTests(stage);
captionsTests(stage);
remuxTests(stage);
