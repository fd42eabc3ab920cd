/** Words of the page of API keys. */
import type { Scope } from "@storagex/contract/accounts/scopes";
import type { JSX } from "solid-js";
import { wordsOf } from "./words.ts";

const scopes: Record<Scope, string> = {
  "videos:read": "List and read videos, follow changes",
  "videos:write": "Upload, change and delete videos",
  "playback:read": "Play and download videos, read statistics",
  "shares:write": "Make and revoke links",
  "webhooks:write": "Manage webhooks",
  admin: "Administer: everybody’s videos and all accounts",
};

const english = {
  title: "API keys",
  help: (header: JSX.Element, reference: JSX.Element): JSX.Element => [
    "A program calls the API with a key instead of your password, in the header ",
    header,
    ". It may do what you allow here, and nothing with your account itself. All calls are in ",
    reference,
    ".",
  ],
  reference: "the API reference",
  newKey: "New key",
  name: "Name",
  nameRule: "Give the key a name.",
  scopes: "What it may do",
  scopesRule: "Choose at least one.",
  scopesHelp: scopes,
  expires: "Expires",
  lifetimes: { month: "In 30 days", quarter: "In 90 days", year: "In a year", never: "Never" },
  create: "Create key",
  creating: "Creating the key",
  secret: "Secret",
  copySecret: "Copy the secret now: only its hash is stored, and it cannot be shown again.",
  keys: "Keys",
  used: (ago: JSX.Element): JSX.Element => ["last used ", ago],
  neverUsed: "never used",
  ends: (date: string) => `expires ${date}`,
  ended: (date: string) => `expired ${date}`,
  deleteOf: (name: string) => `Delete the key ${name}…`,
  deletionAsk: "Delete this key?",
  deletionEnds: "Programs that use it are refused at once. There is no undo.",
  delete: "Delete key",
};

export type KeyWords = typeof english;
export const t = wordsOf("keys", english);
