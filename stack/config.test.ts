/** Bad settings are refused in one message, with an example for each. */
import { expect, test } from "vitest";
import { inherited, readConfig } from "./config.ts";

test("nothing set is a good setting, and empty counts as unset", () => {
  const config = readConfig("/clone", { STORAGEX_PORT: "", DATABASE_URL: "" });
  expect(config).toMatchObject({
    STORAGEX_HOST: "127.0.0.1",
    STORAGEX_WORKERS: 1,
    STORAGEX_DATA: "/clone/.storagex",
  });
  expect(config.STORAGEX_PORT).toBeUndefined();
});

test("every bad variable stands in ONE message, each with an example", () => {
  const bad = {
    STORAGEX_PORT: "seventy",
    STORAGEX_WORKERS: "-1",
    DATABASE_URL: "mysql://x",
    STORAGEX_REGISTRATION: "no",
  };
  expect(() => readConfig("/clone", bad)).toThrow(
    /STORAGEX_PORT.*3000[\s\S]*STORAGEX_WORKERS[\s\S]*STORAGEX_REGISTRATION.*open[\s\S]*DATABASE_URL.*postgresql:/,
  );
});

test("what the Worker takes, the stack takes, and says why not otherwise", () => {
  const keys = { keys: [{ kty: "EC", crv: "P-256", kid: "a", x: "x", y: "y", d: "d" }] };
  const given = { STORAGEX_PROFILES: "fine, av1", STORAGEX_SIGNING_KEYS: JSON.stringify(keys) };
  expect(readConfig("/clone", given)).toMatchObject({
    STORAGEX_PROFILES: ["fine", "av1"],
    STORAGEX_SIGNING_KEYS: keys,
  });
  const wrong = { STORAGEX_PROFILES: "av1", STORAGEX_SIGNING_KEYS: '{"keys":[]}', DATABASE_URL: "here" };
  expect(() => readConfig("/clone", wrong)).toThrow(
    /STORAGEX_PROFILES: .*neither[\s\S]*STORAGEX_SIGNING_KEYS[\s\S]*DATABASE_URL.*postgresql:/,
  );
});

test.each([
  [{ STORAGEX_PUBLIC_URL: "http://video.example.org" }, /STORAGEX_PUBLIC_URL.*TLS/],
  [{ STORAGEX_HOST: "192.168.1.7" }, /STORAGEX_HOST.*TLS/],
  [{ STORAGEX_HOST: "0.0.0.0" }, /STORAGEX_HOST.*TLS/],
  [{ STORAGEX_HOST: "::" }, /STORAGEX_HOST.*TLS/],
  [{ STORAGEX_PUBLIC_URL: "https://video.example.org" }, /S3_PUBLIC_ENDPOINT/],
  [{ S3_ENDPOINT: "https://s3.example.org" }, /S3_ACCESS_KEY_ID/],
  [{ STORAGEX_ADMIN_EMAIL: "a@example.org" }, /both or none/],
  [
    { STORAGEX_ADMIN_EMAIL: "a@example.org", STORAGEX_ADMIN_PASSWORD: "too short" },
    /ADMIN_PASSWORD.*10 char/,
  ],
  [{ STORAGEX_PORT: "9000", STORAGEX_S3_PORT: "9000" }, /the same/],
])("%j is refused with its reason", (env, reason) => {
  expect(() => readConfig("/clone", env)).toThrow(reason);
});

test.each([
  [{ STORAGEX_HOST: "::1" }],
  [{ STORAGEX_PUBLIC_URL: "http://localhost:3000/" }],
  [{ STORAGEX_HOST: "0.0.0.0", STORAGEX_PUBLIC_URL: "http://localhost:3000" }],
  [{ STORAGEX_HOST: "192.168.1.7", STORAGEX_INSECURE_HTTP: "1" }],
  [{ STORAGEX_PUBLIC_URL: "https://v.example.org", S3_PUBLIC_ENDPOINT: "https://s3.example.org" }],
])("%j is taken", (env) => {
  expect(() => readConfig("/clone", env)).not.toThrow();
});

test("services inherit no secret of the environment", () => {
  expect(inherited({ PATH: "/bin", AWS_SECRET_ACCESS_KEY: "x", DATABASE_URL: "y" })).toEqual({
    PATH: "/bin",
  });
});
