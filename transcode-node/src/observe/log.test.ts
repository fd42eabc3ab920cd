import { expect, test } from "vitest";
import { redact } from "./log.ts";

test("a line loses signatures, passwords and credentials, and stays JSON", () => {
  const line = JSON.stringify({
    msg: "GET http://s3/raw/source?X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=deadbeef failed",
    broker: "amqp://storagex:p4ss@127.0.0.1:5672",
    authorization: "Worker w1.0123456789abcdef",
    leaseSecret: "abcdefabcdefabcdef",
  });
  const clean = redact(line);
  for (const secret of ["AKIA", "deadbeef", "p4ss", "0123456789abcdef", "abcdefabc"])
    expect(clean).not.toContain(secret);
  expect(JSON.parse(clean)).toMatchObject({ broker: "amqp://…@127.0.0.1:5672" });
});
