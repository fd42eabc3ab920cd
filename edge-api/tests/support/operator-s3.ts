/** Access to the object store as an operator has it, beside the API. */
import { S3Client } from "@aws-sdk/client-s3";
import type { S3Access } from "../../../stack/services/s3.ts";

/** A client with the API's keys. */
export const operatorOf = ({ endpoint, region, accessKeyId, secretAccessKey }: S3Access): S3Client =>
  new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
