/** The store as an operator sees it, beside the API. */
import { S3Client } from "@aws-sdk/client-s3";
import type { S3Access } from "../../../stack/services/s3.ts";

/** A client with the keys that the API has. */
export const operatorOf = ({ endpoint, region, accessKeyId, secretAccessKey }: S3Access): S3Client =>
  new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
