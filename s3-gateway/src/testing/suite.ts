/** What every S3 under StorageX must do, written once and run against each one available. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe } from "vitest";
import type { S3Target } from "./spawn.ts";
import { accessCases } from "./suite/access.ts";
import { copyCases } from "./suite/copies.ts";
import { listingCases } from "./suite/listing.ts";
import { multipartCases } from "./suite/multipart.ts";
import { objectCases } from "./suite/objects.ts";
import { signingCases } from "./suite/signing.ts";
import { Wire } from "./suite/wire.ts";

/**
 * Declares the whole suite for one S3; its bucket is created where missing, keys start with a fresh prefix
 * and are removed at the end.
 */
export function storageSuite(name: string, target: S3Target): void {
  describe(`storage: ${name}`, () => {
    const wire = new Wire(target);
    beforeAll(async () => {
      await wire.sdk.send(new CreateBucketCommand({ Bucket: target.bucket })).catch((error: unknown) => {
        if (!(error instanceof Error) || !error.name.startsWith("BucketAlready")) throw error;
      });
    });
    afterAll(() => wire.removeAll());
    describe("signing", () => signingCases(wire));
    describe("access", () => accessCases(wire));
    describe("objects", () => objectCases(wire));
    describe("copies", () => copyCases(wire));
    describe("multipart", () => multipartCases(wire));
    describe("listing", () => listingCases(wire));
  });
}
