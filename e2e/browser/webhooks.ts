/** Webhooks on their page, sent by the whole product: made, tested, told of a video, sent again, turned off, deleted. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { type Here, inspect, registerHere } from "../testing/browser.ts";
import { rowsOf } from "../testing/rows.ts";

type Got = { body: string; headers: Record<string, string> };

/** Deliveries that a page of them shows. */
const PAGE = 20;
/** Older deliveries of the endpoint at an address, as many as there are to be. */
const COPIES = `INSERT INTO webhook_deliveries (id, webhook_id, event_id, status, attempts, created_at)
  SELECT left(md5(n || webhook_id), 22), webhook_id, event_id, 'delivered', attempts, sent.created_at - n * interval '1 s'
  FROM webhook_deliveries AS sent JOIN webhooks ON webhooks.id = webhook_id, generate_series(1, $2::integer) AS n
  WHERE url = $1`;

/** An endpoint on this machine, which the stack's settings allow; 410 once it is `gone`. */
async function startEndpoint() {
  const got: Got[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      got.push({ body: Buffer.concat(pieces).toString(), headers: Object.fromEntries(headers) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    gone: () => {
      status = 410;
    },
    stop: () => server.close(),
  };
}

/** Tests about webhooks, with the stack and the visit of `here`. */
export function webhookTests(here: Here): void {
  describe("a webhook", () => {
    test("is made, tested, sent again, turned off by its endpoint, and deleted after a question", async () => {
      const endpoint = await startEndpoint();
      try {
        const { page } = here.seen();
        await registerHere(page);
        await page.goto("/account");
        await page.getByRole("link", { name: "Webhooks" }).click();
        await page.getByLabel("Endpoint URL").fill("hooks.example.org");
        await page.getByRole("button", { name: "Create webhook" }).click();
        await page.getByText("Enter the whole URL").waitFor();
        await page.getByLabel("Endpoint URL").fill("https://10.0.0.1/");
        await page.getByRole("button", { name: "Create webhook" }).click();
        await page.getByText("An endpoint has an https address").waitFor();
        await page.getByLabel("Endpoint URL").fill(endpoint.url);
        await page.getByRole("button", { name: "Create webhook" }).click();
        const secret = await page.getByLabel("Secret").inputValue();
        const item = page.getByRole("listitem").filter({ hasText: endpoint.url });
        await item.getByRole("button", { name: "Send test" }).click();
        await item.getByText("Deliveries").click();
        await item.getByText("Delivered").waitFor();
        await inspect(page, "a new webhook with a delivery");
        const [told] = endpoint.got;
        expect(new Webhook(secret).verify(told?.body ?? "", told?.headers ?? {})).toMatchObject({
          type: "webhook.test",
        });
        // More than a page of them, which its sending again shows.
        await rowsOf(here.stack(), COPIES, [endpoint.url, PAGE]);
        const again = item.getByRole("button", { name: "Send again: webhook.test" });
        await again.first().click();
        await again.nth(PAGE - 1).waitFor();
        await item.getByRole("button", { name: "Show more" }).click();
        await again.nth(PAGE).waitFor();
        const isFocused = (button: Element) => button === document.activeElement;
        await expect.poll(() => again.nth(PAGE).evaluate(isFocused)).toBe(true);
        await expect.poll(() => endpoint.got.length).toBe(2);
        expect(endpoint.got[1]?.headers["webhook-id"]).toBe(told?.headers["webhook-id"]);
        endpoint.gone();
        await item.getByRole("button", { name: "Test sent" }).click();
        await expect.poll(() => endpoint.got.length).toBe(3);
        // The delivery is over before the page can show it.
        await expect
          .poll(async () => {
            await page.reload();
            await item.waitFor();
            return item.getByText("Off: it answered 410 Gone").count();
          })
          .toBe(1);
        // Without a button in it, the first new one has the focus itself.
        await item.getByText("Deliveries").click();
        await item.getByRole("button", { name: "Show more" }).click();
        await expect.poll(() => page.evaluate(() => document.activeElement?.localName)).toBe("li");
        await item.getByRole("button", { name: "Turn on" }).click();
        await item.getByRole("button", { name: "Send test" }).waitFor();
        await item.getByRole("button", { name: `Delete the webhook ${endpoint.url}…` }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Delete webhook" }).click();
        await expect.poll(() => page.getByText(endpoint.url).count()).toBe(0);
      } finally {
        endpoint.stop();
      }
    });
  });
}
