/** What comes into the dashboard and goes out of it, in a real browser: uploads, imports, links, shares, keys, webhooks. */
import { audienceTests } from "./browser/audience.ts";
import { earlyTests } from "./browser/early.ts";
import { importTests } from "./browser/imports.ts";
import { keyTests } from "./browser/keys.ts";
import { outageTests } from "./browser/outages.ts";
import { sharingTests } from "./browser/sharing.ts";
import { uploadLinkTests } from "./browser/upload-links.ts";
import { uploadTests } from "./browser/uploads.ts";
import { webhookTests } from "./browser/webhooks.ts";
import { inBrowser } from "./testing/in-browser.ts";

inBrowser(
  uploadTests,
  earlyTests,
  outageTests,
  sharingTests,
  audienceTests,
  keyTests,
  importTests,
  uploadLinkTests,
  webhookTests,
);
