/** German of what only a signed-in account sees. */
import type { SignedInAreas } from "../areas.ts";
import { account } from "./account.ts";
import { admin } from "./admin.ts";
import { audience } from "./audience.ts";
import { cards } from "./cards.ts";
import { format } from "./format.ts";
import { keys } from "./keys.ts";
import { library } from "./library.ts";
import { linked } from "./linked.ts";
import { player } from "./player.ts";
import { questions } from "./questions.ts";
import { sentences } from "./sentences.ts";
import { sharing } from "./sharing.ts";
import { status } from "./status.ts";
import { upload } from "./upload.ts";
import { uploadLinks } from "./upload-links.ts";
import { video } from "./video.ts";
import { webhooks } from "./webhooks.ts";

export default {
  account,
  admin,
  audience,
  cards,
  format,
  keys,
  library,
  linked,
  player,
  questions,
  sentences,
  sharing,
  status,
  upload,
  uploadLinks,
  video,
  webhooks,
} satisfies SignedInAreas;
