/**
 * The storage suite against the embedded gateway as a real process, and against a second S3 where one is
 * named.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { startGateway } from "./testing/spawn.ts";
import { secondTarget } from "./testing/suite/config.ts";
import { storageSuite } from "./testing/suite.ts";

const folder = await mkdtemp(join(tmpdir(), "storagex-s3-"));
const gateway = await startGateway(folder);
afterAll(async () => {
  await gateway.stop("SIGKILL");
  await rm(folder, { recursive: true });
});

storageSuite("embedded", gateway.target);

const second = secondTarget();
if (second) storageSuite(second.endpoint, second);

it("the embedded gateway logged requests, and no signature", () => {
  expect(gateway.log()).toContain('"operation":"putObject"');
  expect(gateway.log()).not.toMatch(/X-Amz-Signature|Signature=|[0-9a-f]{64}/i);
});
