/** Settings of the Worker: its bindings, read and checked once per isolate, at the first request. */
import { readSettings, SettingsError } from "@storagex/contract/settings/read-settings";
import {
  type BindingName,
  bindingsSchema,
  isLoopback,
  PLAIN_HTTP,
  type SharingChoice,
} from "@storagex/contract/settings/settings";
import type { z } from "zod";

/** What the runtime gives the Worker. It starts even if text bindings are missing; /readyz reports them. */
export type Env = { readonly [name in BindingName]?: string } & {
  readonly HUB: DurableObjectNamespace;
  readonly FEED: DurableObjectNamespace;
  readonly CLOCK: DurableObjectNamespace;
  readonly AUDIENCE: DurableObjectNamespace;
  /** Set on Cloudflare and under `wrangler dev`. */
  readonly ASSETS?: Fetcher;
  /** Set on plain workerd: its `disk` service over web's built client. */
  readonly ASSETS_DISK?: Fetcher;
};

export type Config = Readonly<
  Omit<z.infer<typeof bindingsSchema>, "S3_PUBLIC_ENDPOINT" | "STORAGEX_SHARING"> & {
    S3_PUBLIC_ENDPOINT: string;
    /** Origin of the public URL: the value that browsers send as `Origin`, and the issuer of our tokens. */
    publicOrigin: string;
    /** Whether cookies are Secure: always, unless plain http is explicitly allowed. */
    secureCookies: boolean;
    /** What may be shown to others: `shares` leaves out public videos. */
    sharing: SharingChoice;
  }
>;

let known: Config | undefined;

/** The configuration of this isolate. Throws `SettingsError`. */
export function configOf(env: Env): Config {
  known ??= readConfig(env);
  return known;
}

/** Reads and checks the bindings without caching the result. Throws `SettingsError`. */
export function readConfig(env: Readonly<Partial<Record<BindingName, string>>>): Config {
  const read = readSettings(bindingsSchema, env);
  const { protocol, hostname, origin } = new URL(read.STORAGEX_PUBLIC_URL);
  if (protocol === "http:" && !isLoopback(hostname) && !read.STORAGEX_INSECURE_HTTP) {
    throw new SettingsError([`STORAGEX_PUBLIC_URL: ${PLAIN_HTTP}`]);
  }
  const { S3_ENDPOINT, S3_PUBLIC_ENDPOINT = S3_ENDPOINT } = read;
  if (new URL(S3_PUBLIC_ENDPOINT).origin === origin) {
    throw new SettingsError([
      "S3_PUBLIC_ENDPOINT: is the origin of STORAGEX_PUBLIC_URL, where what people upload could act as the dashboard: " +
        "give the storage a name or a port of its own (for example https://s3.example.org)",
    ]);
  }
  return {
    ...read,
    S3_PUBLIC_ENDPOINT,
    publicOrigin: origin,
    secureCookies: protocol === "https:",
    sharing:
      read.STORAGEX_SHARING ??
      (read.STORAGEX_REGISTRATION === "open" && !isLoopback(hostname) ? "shares" : "all"),
  };
}
