/**
 * Tickets while the object store or the database is unavailable or misbehaves: none of them keeps quota
 * reserved or leaves bytes behind.
 */
import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { parseKey } from "@storagex/contract/keys";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import { operatorOf } from "./support/operator-s3.ts";
import { type Pipeline, startPipeline } from "./support/pipeline.ts";
import { quotaOf } from "./support/quota.ts";

let edge: Pipeline;
beforeAll(async () => {
  edge = await startPipeline();
});
afterAll(() => edge?.stop());

test("a store that is away: the ticket is refused in words, and reserves no bytes", async () => {
  const ann = await edge.person();
  await edge.restart({ S3_ENDPOINT: "http://127.0.0.1:9" });
  const answer = await ann.call("POST", "/v1/videos", {
    filename: "a.mp4",
    size: 10,
    contentType: "video/mp4",
  });
  expect(answer.status).toBe(503);
  expect((await problemOf(answer)).code).toBe("storage.unavailable");
  await eventually(async () =>
    expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 }),
  );
  await edge.restart();
});

test("a store that lists uploads only by their exact key keeps none of an aborted ticket", async () => {
  // As MinIO answers.
  const text = `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`;
  const store = await startFaultProxy(edge.s3.endpoint, (method, { searchParams }) =>
    method === "GET" && searchParams.has("uploads") && !parseKey(searchParams.get("prefix") ?? "")
      ? { status: 200, text }
      : "pass",
  );
  await edge.restart({ S3_ENDPOINT: store.url, STORAGEX_EARLY_START: "0" });
  const open = async (id: string) => {
    const { Uploads = [] } = await operatorOf(edge.s3).send(
      new ListMultipartUploadsCommand({ Bucket: edge.s3.bucket }),
    );
    return Uploads.filter(({ Key = "" }) => Key.includes(id)).length;
  };
  try {
    const ann = await edge.person();
    const { video } = await ann.ticket(10);
    expect(await open(video.id)).toBe(1);
    expect((await ann.call("DELETE", `/v1/videos/${video.id}/upload`)).status).toBe(204);
    await eventually(async () => expect(await open(video.id)).toBe(0));
  } finally {
    await edge.restart();
    await store.stop();
  }
});

test("a ticket whose row is written and whose answer is lost reserves no bytes", async () => {
  const ann = await edge.person();
  let lost = 0;
  const between = await startFaultProxy(edge.bindings.SQL_ENDPOINT_URL ?? "", (_method, _url, body) => {
    if (!body.includes("INSERT INTO videos") || lost > 0) return "pass";
    lost += 1;
    return "lose";
  });
  await edge.restart({ SQL_ENDPOINT_URL: between.url });
  try {
    const body = { filename: "a.mp4", size: 10, contentType: "video/mp4" };
    expect((await ann.call("POST", "/v1/videos", body)).status).toBe(503);
    expect(lost).toBe(1);
    await eventually(async () =>
      expect(await quotaOf(edge, ann.user.id)).toEqual({ used: 0, reserved: 0, open: 0 }),
    );
  } finally {
    await edge.restart();
    await between.stop();
  }
});
