import { SettingsError } from "@storagex/contract/settings/read-settings";
import { describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";

const key = { kty: "EC", crv: "P-256", kid: "a", x: "x", y: "y", d: "d" };
const good = {
  DATABASE_URL: "postgresql://u:p@db.example.test/storagex",
  S3_ENDPOINT: "https://s3.example.test/",
  S3_BUCKET: "storagex",
  S3_ACCESS_KEY_ID: "id",
  S3_SECRET_ACCESS_KEY: "secret",
  STORAGEX_PUBLIC_URL: "https://video.example.test",
  STORAGEX_SIGNING_KEYS: JSON.stringify({ keys: [key] }),
  BRIDGE_URL: "http://bridge.example.test",
  STORAGEX_WORKER_CREDENTIALS: `one:${"a".repeat(64)}, two:${"b".repeat(64)}`,
};

describe("readConfig", () => {
  test("fills what may be left out; empty counts as unset", () => {
    expect(readConfig({ ...good, SQL_ENDPOINT_URL: "", STORAGEX_QUOTA_BYTES: "" })).toMatchObject({
      S3_ENDPOINT: "https://s3.example.test",
      S3_PUBLIC_ENDPOINT: "https://s3.example.test",
      STORAGEX_REGISTRATION: "closed",
      STORAGEX_QUOTA_BYTES: 0,
      publicOrigin: "https://video.example.test",
      secureCookies: true,
      STORAGEX_WORKER_CREDENTIALS: new Map([
        ["one", "a".repeat(64)],
        ["two", "b".repeat(64)],
      ]),
    });
  });

  test("names every bad setting in one message, with an example, and no value", () => {
    const { BRIDGE_URL: _, ...rest } = good;
    const secret = "not-a-url-but-a-secret";
    const read = () => readConfig({ ...rest, DATABASE_URL: secret, STORAGEX_SIGNING_KEYS: "{" });
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(
      /DATABASE_URL.*for example[\s\S]*STORAGEX_SIGNING_KEYS.*for example[\s\S]*BRIDGE_URL/,
    );
    expect(read).not.toThrow(secret);
  });

  test.each([
    ["http://video.example.test", {}, false],
    ["http://video.example.test", { STORAGEX_INSECURE_HTTP: "1" }, true],
    ["http://127.0.0.1:3000", {}, true],
    ["http://localhost:3000", {}, true],
  ])("plain http: %s %j", (url, more, stands) => {
    const read = () => readConfig({ ...good, ...more, STORAGEX_PUBLIC_URL: url });
    if (stands) expect(read().secureCookies).toBe(false);
    else expect(read).toThrow("STORAGEX_PUBLIC_URL: sign-in over plain http");
  });

  test.each([
    [{ S3_PUBLIC_ENDPOINT: "https://video.example.test" }],
    [{ S3_PUBLIC_ENDPOINT: "https://VIDEO.example.test:443/s3" }],
    [{ S3_ENDPOINT: "https://video.example.test" }],
  ])("what is uploaded is not served from the dashboard's origin: %j", (more) => {
    expect(() => readConfig({ ...good, ...more })).toThrow(/S3_PUBLIC_ENDPOINT: .*STORAGEX_PUBLIC_URL/);
  });

  test("profiles are a list that holds a quality", () => {
    const read = (STORAGEX_PROFILES: string) => readConfig({ ...good, STORAGEX_PROFILES });
    expect(read("")).toMatchObject({ STORAGEX_PROFILES: ["fast", "fine"] });
    expect(read("fine, av1")).toMatchObject({ STORAGEX_PROFILES: ["fine", "av1"] });
    for (const wrong of ["av1", "best", "fast;fine"]) expect(() => read(wrong)).toThrow(SettingsError);
  });

  test("a public key does not sign", () => {
    const { d: _, ...publicKey } = key;
    const keys = JSON.stringify({ keys: [publicKey] });
    expect(() => readConfig({ ...good, STORAGEX_SIGNING_KEYS: keys })).toThrow(SettingsError);
  });
});
