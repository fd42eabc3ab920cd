/** Words of sharing: public pages, links, embedding, playback keys. */
import type { JSX } from "solid-js";
import { countIn } from "./plural.ts";
import { wordsOf } from "./words.ts";

const count = countIn("en");

const english = {
  share: "Share",
  publicPage: "Public page",
  public: "Public: anyone can watch, and search engines may list it",
  allowDownload: "Allow downloading the MP4",
  copy: "Copy",
  copied: "Copied",
  embed: "Embed",
  embedCode: "Embed code",
  playsOnlyOn: (sites: string) => `Plays only on ${sites}.`,
  embedPreview: "Preview of the embedded player",

  newLink: "New link",
  links: "Links",
  link: "Link",
  members: (keys: JSX.Element): JSX.Element => [
    "Members of your own site can watch with tokens that the site signs with ",
    keys,
    ".",
  ],
  playbackKeysLink: "playback keys",
  name: "Name (only you see it)",
  expires: "Expires",
  lives: ["Never", "In a day", "In a week", "In a month"] as readonly string[],
  password: "Password (optional)",
  sites: "Sites that may embed it (optional)",
  sitesHelp: "Separated by spaces. Leave empty for any site.",
  passwordRule: (min: number) => `Use at least ${min} characters.`,
  siteRule: (site: string) => `“${site}” is not a site such as https://example.org.`,
  createLink: "Create link",
  creatingLink: "Creating the link",
  views: (many: number) => count(many, { one: "view", other: "views" }),
  withPassword: "password",
  withDownload: "download",
  expired: "expired",
  until: (time: string) => `until ${time}`,
  revoke: "Revoke…",
  revokeOf: (label: string) => `Revoke ${label}…`,
  theLink: "the link",
  revokeWarning: "Nobody can watch with this link any more, and it cannot be brought back.",
  revokeLink: "Revoke link",
  revoking: "Revoking",

  playbackKeys: "Playback keys",
  keysHelp: (
    kid: JSX.Element,
    sub: JSX.Element,
    aud: JSX.Element,
    exp: JSX.Element,
    address: JSX.Element,
  ): JSX.Element => [
    "For a site with its own members: the site signs a token for each viewer, and the player takes the token instead of a link that anyone could pass on. The token names the key (",
    kid,
    "), the video (",
    sub,
    "), ",
    aud,
    " and an expiry (",
    exp,
    "); the player is at ",
    address,
  ],
  newKey: "New key",
  keyName: "Name",
  publicKey: "Public key (optional)",
  publicKeyHelp: "A P-256 or Ed25519 JWK. Leave empty to generate a key here.",
  nameRule: "Give the key a name.",
  jwkRule: "This is not a public key as JSON (JWK).",
  createKey: "Create key",
  creatingKey: "Creating the key",
  keyId: "Key id (kid)",
  privateKey: "Private key (JWK)",
  copyPrivate: "Copy the private key now: it is not stored here and cannot be shown again.",
  keys: "Keys",
  deleteKeyOf: (name: string) => `Delete the key ${name}…`,
  deletionAsk: "Delete this key?",
  deletionEnds:
    "Every token it has signed is refused at once, even for people who are watching now. There is no undo.",
  deleteKey: "Delete key",
};

export type SharingWords = typeof english;
export const t = wordsOf("sharing", english);
