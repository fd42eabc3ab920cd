/**
 * One-shot entry for containers: creates the bucket that `S3_ENDPOINT` and the other `S3_*` name, where it is
 * missing.
 */
import { readConfig } from "../config.ts";
import { CLONE } from "../paths.ts";
import { makeBucket } from "../services/s3.ts";

const config = readConfig(CLONE);
const {
  S3_ENDPOINT: endpoint,
  S3_ACCESS_KEY_ID: accessKeyId,
  S3_SECRET_ACCESS_KEY: secretAccessKey,
} = config;
if (!endpoint || !accessKeyId || !secretAccessKey) {
  throw new Error("S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set");
}
await makeBucket({
  endpoint,
  region: config.S3_REGION,
  bucket: config.S3_BUCKET,
  accessKeyId,
  secretAccessKey,
});
process.stdout.write(`the bucket ${config.S3_BUCKET} exists\n`);
