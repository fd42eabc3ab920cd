/** The words of visitors' pages by language: what the Worker writes, and what their script says. */
import type { Language } from "@storagex/contract/language";
import type { ProblemCode } from "@storagex/contract/problem";
import type { ScriptWords } from "@storagex/web/visitor";
import { german } from "./de.ts";
import { english } from "./en.ts";

/** Refusals that a visitor's page explains. */
export type Explained = Extract<
  ProblemCode,
  "video.not_found" | "share.not_found" | "sharing.not_allowed" | "playback.token_invalid"
>;

export type PageWords = {
  notFound: string;
  nothingHere: string;
  lostFootage: string;
  why: Readonly<Record<Explained, string>>;
  password: string;
  hasPassword: string;
  locked: string;
  watch: string;
  script: ScriptWords;
};

export const WORDS: Readonly<Record<Language, PageWords>> = { en: english, de: german };
