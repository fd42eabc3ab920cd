/** Cases: an anonymous request reads and changes nothing, and browsers of other origins may ask. */
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import type { Wire } from "./wire.ts";

export function accessCases(wire: Wire): void {
  const key = wire.key("private");
  const url = `${wire.target.endpoint}/${wire.target.bucket}`;
  beforeAll(async () => {
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "secret" }));
  });

  const verbs: [string, string][] = [
    ["GET", `/${key}`],
    ["HEAD", `/${key}`],
    ["PUT", `/${key}`],
    ["DELETE", `/${key}`],
    ["POST", `/${key}?uploads`],
    ["GET", "?list-type=2"],
    ["GET", ""],
    ["HEAD", ""],
    ["PUT", ""],
    ["POST", "?delete"],
    ["GET", "?uploads"],
  ];
  it.each(verbs)("refuses anonymous %s %s", async (method, path) => {
    const body = method === "PUT" || method === "POST" ? "forged" : undefined;
    const reply = await wire.raw({ method, url: url + path, headers: { host: new URL(url).host } }, body);
    expect(reply.status).toBe(403);
    if (method !== "HEAD") expect(reply.code).toBe("AccessDenied");
    expect(reply.body.toString()).not.toContain("secret");
  });

  it("has kept the object through all of that", async () => {
    const { Body } = await wire.sdk.send(new GetObjectCommand(wire.at(key)));
    expect(await Body?.transformToString()).toBe("secret");
  });

  it("answers a browser's preflight for each verb it needs", async () => {
    for (const method of ["PUT", "GET", "HEAD"]) {
      const headers = {
        host: new URL(url).host,
        origin: "http://dashboard.example",
        "access-control-request-method": method,
        "access-control-request-headers": "content-type,range",
      };
      const reply = await wire.raw({ method: "OPTIONS", url: `${url}/${key}`, headers });
      expect([200, 204]).toContain(reply.status);
      expect(["*", headers.origin]).toContain(reply.headers["access-control-allow-origin"]);
      expect(reply.headers["access-control-allow-methods"]).toContain(method);
      const allowed = reply.headers["access-control-allow-headers"]?.toLowerCase() ?? "";
      expect(allowed === "*" || (allowed.includes("range") && allowed.includes("content-type"))).toBe(true);
    }
  });

  it("lets a page of another origin read the ETag, and read errors", async () => {
    const headers = { origin: "http://dashboard.example" };
    const put = await wire.sendPresigned({ method: "PUT", key: wire.key("cors"), body: "x", headers });
    expect(put.headers["access-control-expose-headers"]?.toLowerCase()).toContain("etag");
    expect(put.headers["access-control-allow-origin"]).toBeDefined();
    const missing = await wire.sendPresigned({ method: "GET", key: wire.key("nothing"), headers });
    expect([missing.status, missing.code]).toEqual([404, "NoSuchKey"]);
    expect(missing.headers["access-control-allow-origin"]).toBeDefined();
  });
}
