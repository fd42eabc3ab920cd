/** Shares and playback keys. */
import {
  madePlaybackKeySchema,
  playbackKeyListSchema,
  shareListSchema,
  shareSchema,
} from "@storagex/contract/sharing";
import type { AnswerOf } from "./answer.ts";

export const madePlaybackKey: AnswerOf<typeof madePlaybackKeySchema> = madePlaybackKeySchema;
export const playbackKeyList: AnswerOf<typeof playbackKeyListSchema> = playbackKeyListSchema;
export const share: AnswerOf<typeof shareSchema> = shareSchema;
export const shareList: AnswerOf<typeof shareListSchema> = shareListSchema;
