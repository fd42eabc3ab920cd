/** The gateway as a service ends by itself: whoever stops it waits longer than its requests may take. */
import { expect, test } from "vitest";
import { STOP_GRACE_MS } from "../../s3-gateway/src/stop-grace.ts";
import { s3Service } from "./s3.ts";

const service = s3Service({
  ...{ folder: "/data", host: "127.0.0.1", port: 9000, region: "us-east-1" },
  ...{ accessKeyId: "id", secretAccessKey: "secret" },
});

test("the gateway is not killed within the time that it gives its requests", () => {
  expect(service.stopWithinMs).toBeGreaterThan(STOP_GRACE_MS);
});
