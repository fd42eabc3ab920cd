/** The public API's route objects: the only place where paths, bodies and responses are declared. */
import type { Declared } from "./access.ts";
import { accountRoutes } from "./accounts.ts";
import { adminRoutes } from "./admin.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { audienceRoutes } from "./audience.ts";
import { captionsRoutes } from "./captions.ts";
import { importRoutes } from "./imports.ts";
import { operatorRoutes } from "./operators.ts";
import { playbackRoutes } from "./playback.ts";
import { postersRoutes } from "./posters.ts";
import { sharingRoutes } from "./sharing.ts";
import { uploadLinkRoutes } from "./upload-links.ts";
import { uploadsRoutes } from "./uploads.ts";
import { usageRoutes } from "./usage.ts";
import { videosRoutes } from "./videos.ts";
import { webhookRoutes } from "./webhooks.ts";

export const publicRoutes = {
  ...accountRoutes,
  ...apiKeyRoutes,
  ...uploadsRoutes,
  ...importRoutes,
  ...uploadLinkRoutes,
  ...videosRoutes,
  ...playbackRoutes,
  ...audienceRoutes,
  ...captionsRoutes,
  ...postersRoutes,
  ...sharingRoutes,
  ...webhookRoutes,
  ...usageRoutes,
  ...adminRoutes,
  ...operatorRoutes,
} as const satisfies Record<string, Declared>;
