/** Every area with the type of its words, which the English ones set: a language that lacks one does not compile. */
import type { AccountWords } from "./account.ts";
import type { AdminWords } from "./admin.ts";
import type { AudienceWords } from "./audience.ts";
import type { CardWords } from "./cards.ts";
import type { CommonWords } from "./common.ts";
import type { EntryWords } from "./entry.ts";
import type { FormatWords } from "./format.ts";
import type { KeyWords } from "./keys.ts";
import type { LibraryWords } from "./library.ts";
import type { LinkedWords } from "./linked.ts";
import type { LostWords } from "./lost.ts";
import type { PlayerWords } from "./player.ts";
import type { QuestionWords } from "./questions.ts";
import type { Sentences } from "./sentences.ts";
import type { SharingWords } from "./sharing.ts";
import type { ShellWords } from "./shell.ts";
import type { StatusWords } from "./status.ts";
import type { UploadWords } from "./upload.ts";
import type { UploadLinkWords } from "./upload-links.ts";
import type { VideoWords } from "./video.ts";
import type { WebhookWords } from "./webhooks.ts";

/** What pages without an account show. */
export type OpenAreas = {
  common: CommonWords;
  entry: EntryWords;
  lost: LostWords;
  shell: ShellWords;
};

/** What only a signed-in account sees. */
export type SignedInAreas = {
  account: AccountWords;
  admin: AdminWords;
  audience: AudienceWords;
  cards: CardWords;
  format: FormatWords;
  keys: KeyWords;
  library: LibraryWords;
  linked: LinkedWords;
  player: PlayerWords;
  questions: QuestionWords;
  sentences: Sentences;
  sharing: SharingWords;
  status: StatusWords;
  upload: UploadWords;
  uploadLinks: UploadLinkWords;
  video: VideoWords;
  webhooks: WebhookWords;
};

export type AreaWords = OpenAreas & SignedInAreas;
