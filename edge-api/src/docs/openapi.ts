/** The public API as an OpenAPI 3.1 document, generated from contract's route objects only: what clients call, and what webhooks are called with. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { publicRoutes } from "@storagex/contract/routes/public";
import { webhookCalls } from "@storagex/contract/routes/webhook-events";
import { addExamples } from "./add-examples.ts";

const DESCRIPTION = `Upload a video straight to private storage, have it encoded on any number of workers, and watch
it while it is still being encoded.

**Upload.** \`POST /v1/videos\` gives a ticket with the first part URLs. \`PUT\` each part to its URL, get URLs for
further parts, then complete. Bytes never pass the API.

**Sign in.** Access tokens live five minutes; \`POST /v1/auth/refresh\` gives the next by an HttpOnly cookie that
rotates with every use. Programs use an API key instead: \`Authorization: Bearer sxk_…\`, with the scopes they need.

**Errors** are \`application/problem+json\` (RFC 9457) with a stable \`code\`; [every code](/docs#problems) says what to do.

Times are ISO 8601 in UTC, sizes bytes, durations seconds; ids are opaque strings.`;

const TAGS = [
  { name: "Accounts", description: "Registration, sessions, and who is signed in" },
  { name: "API keys", description: "Keys by which programs call for an account" },
  { name: "Upload", description: "Tickets, parts, and completion" },
  { name: "Upload links", description: "Links by which others upload to an account without having one" },
  { name: "Videos", description: "The library: reading, changing, deleting, playing, live changes" },
  { name: "Captions", description: "Tracks that owners add to their videos" },
  { name: "Sharing", description: "Shares, public videos, viewer tokens and embedding" },
  { name: "Webhooks", description: "Endpoints that are told what happens to videos" },
  { name: "Administration", description: "Everybody's videos and users, for administrators" },
];

/** `identifier` is new in OpenAPI 3.1. */
const LICENSE = { name: "Apache-2.0", identifier: "Apache-2.0" };

export type OpenApi = ReturnType<typeof build>;

let known: OpenApi | undefined;
let text: string | undefined;

/** The document, built once per isolate. */
export function openApi(): OpenApi {
  known ??= addExamples(build());
  return known;
}

/** The same as JSON. */
export function openApiDocument(): string {
  text ??= JSON.stringify(openApi());
  return text;
}

function build() {
  const app = new OpenAPIHono();
  for (const route of Object.values(publicRoutes)) app.openAPIRegistry.registerPath(route);
  for (const call of webhookCalls) app.openAPIRegistry.registerWebhook(call);
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token that sign-in or refresh gave",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, `sxk_…`, with the scope that is listed; any key where none is",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "uploadLink", {
    type: "http",
    scheme: "bearer",
    description: "The token of an upload link, `sxu_…`: it begins uploads within the link's limits",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "videoToken", {
    type: "http",
    scheme: "bearer",
    description: "The `token` of a ticket that was made by an upload link, `sxv_…`: for its video only",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "refreshCookie", {
    type: "apiKey",
    in: "cookie",
    name: "__Host-storagex_refresh",
    description: "Set by sign-in and replaced by each refresh; on plain http without the prefix",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "StorageX",
      version: "1.0.0",
      description: DESCRIPTION,
      license: LICENSE,
    },
    servers: [{ url: "/", description: "This StorageX" }],
    tags: TAGS,
  });
}
