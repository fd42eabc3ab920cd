import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { verifyWebhook } from "./verify-webhook.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = JSON.stringify({ type: "webhook.test", timestamp: "2026-11-29T20:00:00Z", data: {} });

function signed(at = new Date()) {
  return {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(SECRET).sign("evt_1", at, body),
  };
}

test("what the secret has signed is returned, whatever the headers and the body come as", () => {
  const event = JSON.parse(body);
  const headers = signed();
  expect(verifyWebhook(headers, body, SECRET)).toEqual(event);
  expect(verifyWebhook(new Headers(headers), new TextEncoder().encode(body), SECRET)).toEqual(event);
  const upper = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  );
  expect(verifyWebhook(upper, body, SECRET)).toEqual(event);
});

test("anything else is refused", () => {
  const refused = (headers: Record<string, string | undefined>, text = body, secret = SECRET) =>
    expect(() => verifyWebhook(headers, text, secret)).toThrow(
      expect.objectContaining({ name: "WebhookVerificationError" }),
    );
  refused(signed(), body.replace("test", "tset"));
  refused(signed(), body, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  refused({ ...signed(), "webhook-signature": undefined });
  refused(signed(new Date(Date.now() - 10 * 60_000)));
});
