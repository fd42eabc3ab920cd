/** Which services a stack has, by its settings. */
import { beforeAll, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { type Blueprint, layOut } from "./blueprint.ts";
import { makeSecrets, type Secrets } from "./secrets.ts";

const folder = {
  root: "/data",
  run: "/data/run",
  log: "/data/log",
  postgres: "/data/postgres",
  rabbitmq: "/data/rabbitmq",
  s3: "/data/s3",
  scratch: "/data/scratch",
};
const ports = {
  web: 3000,
  s3: 9000,
  postgres: 13000,
  sql: 13001,
  amqp: 10000,
  bridge: 13002,
  webhooks: 13006,
  imports: 13007,
  workers: [13003, 13004, 13005],
};
const programs = {
  rabbit: { server: "/usr/lib/rabbitmq/sbin/rabbitmq-server", epmd: "/usr/bin/epmd" },
  ffmpeg: { ffmpeg: "/usr/bin/ffmpeg", ffprobe: "/usr/bin/ffprobe" },
};
let secrets: Secrets;
beforeAll(async () => {
  secrets = await makeSecrets("embedded");
});

const lay = (env: Record<string, string> = {}): Blueprint =>
  layOut(readConfig("/clone", env), folder, secrets, ports, programs);

test("by default every service is the stack's own, on loopback", () => {
  const { postgres, sqlEndpoint, broker, s3, workers, publicUrl, bindings } = lay();
  expect([postgres?.service.name, sqlEndpoint?.name, broker?.rabbitmq.name, s3?.name]).toEqual([
    "postgres",
    "sql-endpoint",
    "rabbitmq",
    "s3",
  ]);
  expect(workers.map((service) => service.name)).toEqual(["worker-1"]);
  expect(publicUrl).toBe("http://127.0.0.1:3000");
  expect(bindings).toMatchObject({
    SQL_ENDPOINT_URL: "http://127.0.0.1:13001/sql",
    S3_PUBLIC_ENDPOINT: "http://127.0.0.1:9000",
  });
});

test("limits and lifetimes reach the edge API as they were set", () => {
  const limits = {
    STORAGEX_MAX_UPLOAD_BYTES: "1000",
    STORAGEX_QUOTA_BYTES: "2000",
    STORAGEX_PROFILES: "fine,av1",
    STORAGEX_PART_URL_SECONDS: "11",
    STORAGEX_MEDIA_URL_SECONDS: "12",
    STORAGEX_WINDOW_SECONDS: "13",
  };
  expect(lay(limits).bindings).toMatchObject(limits);
});

test("a Neon address is spoken to directly, any other through the SQL endpoint", () => {
  const neon = lay({
    DATABASE_URL: "postgresql://u:p@ep-cool-1.eu-central-1.aws.neon.tech/db?sslmode=require",
  });
  expect([neon.postgres, neon.sqlEndpoint, neon.bindings.SQL_ENDPOINT_URL]).toEqual([
    undefined,
    undefined,
    "",
  ]);
  const own = lay({ DATABASE_URL: "postgresql://u:p@db.example.org/db" });
  expect(own.postgres).toBeUndefined();
  expect(own.sqlEndpoint?.env.DATABASE_URL).toBe("postgresql://u:p@db.example.org/db");
});

test("a broker and a store of the operator replace ours, for every service that uses them", () => {
  const { broker, s3, bridge, webhooks, workers, bindings } = lay({
    AMQP_URL: "amqps://u:p@mq.example.org",
    S3_ENDPOINT: "https://s3.example.org/",
    S3_ACCESS_KEY_ID: "key",
    S3_SECRET_ACCESS_KEY: "secret",
    STORAGEX_WORKERS: "2",
    H264_ENCODER: "auto",
    DEINTERLACE: "fields",
    WORKER_SLOTS: "3",
    WORKER_MEMORY_BYTES: "4000000000",
  });
  expect([broker, s3]).toEqual([undefined, undefined]);
  for (const service of workers)
    expect(service.env).toMatchObject({
      ...{
        H264_ENCODER: "auto",
        DEINTERLACE: "fields",
        WORKER_SLOTS: "3",
        WORKER_MEMORY_BYTES: "4000000000",
      },
    });
  // Unset, the worker counts its cores itself.
  expect(lay().workers[0]?.env).not.toHaveProperty("WORKER_SLOTS");
  for (const service of [bridge, webhooks, ...workers])
    expect(service.env.AMQP_URL).toBe("amqps://u:p@mq.example.org");
  expect(bindings).toMatchObject({
    S3_ENDPOINT: "https://s3.example.org",
    S3_PUBLIC_ENDPOINT: "https://s3.example.org",
    S3_ACCESS_KEY_ID: "key",
  });
});

test("browsers reach the embedded S3 under the page's name", () => {
  const { bindings } = lay({
    STORAGEX_HOST: "0.0.0.0",
    STORAGEX_PUBLIC_URL: "http://localhost:3000",
    STORAGEX_INSECURE_HTTP: "1",
  });
  expect(bindings.S3_PUBLIC_ENDPOINT).toBe("http://localhost:9000");
  expect(bindings.S3_ENDPOINT).toBe("http://127.0.0.1:9000");
});

test("workers, the sender of webhooks and the importer hold no key of the store, no database and no signing key", () => {
  const { workers, bridge, webhooks, imports } = lay();
  const told = JSON.stringify([...workers, bridge, webhooks, imports].map((service) => service.env));
  const [key] = secrets.signingKeys.keys;
  for (const secret of [secrets.s3SecretAccessKey, secrets.databasePassword, key?.d ?? ""]) {
    expect(secret).not.toBe("");
    expect(told).not.toContain(secret);
  }
});
