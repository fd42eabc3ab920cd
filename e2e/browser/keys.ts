/** API keys on their page: made, shown once, used by a program, and deleted. */
import { problemSchema } from "@storagex/contract/problem";
import { describe, expect, test } from "vitest";
import { type Here, inspect, registerHere } from "../testing/browser.ts";

/** Tests about API keys, with the stack and the visit of `here`. */
export function keyTests(here: Here): void {
  describe("a program's key", () => {
    test("is made with what it may do, shown once, used, and deleted after a question", async () => {
      const { page } = here.seen();
      const { url } = here.stack();
      await registerHere(page);
      await page.goto("/account");
      await page.getByRole("link", { name: "API keys" }).click();
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("Give the key a name.").waitFor();
      await page.getByText("Choose at least one.").waitFor();
      expect(await page.getByText("Administer:").count(), "offered to administrators only").toBe(0);
      await page.getByLabel("Name").fill("Nightly import");
      await page.getByLabel("List and read videos").check();
      await page.getByLabel("Expires").selectOption("In a year");
      await page.getByRole("button", { name: "Create key" }).click();
      const field = page.getByLabel("Secret");
      const secret = await field.inputValue();
      expect(secret).toMatch(/^sxk_\w{32}$/);
      await expect.poll(() => field.evaluate((each) => each === document.activeElement)).toBe(true);
      await inspect(page, "a new API key");

      const call = (method: string) =>
        fetch(`${url}/v1/videos`, {
          method,
          headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
          ...(method === "POST" && { body: "{}" }),
        });
      expect((await call("GET")).status).toBe(200);
      const refused = problemSchema.parse(await (await call("POST")).json());
      expect(refused).toMatchObject({ code: "auth.scope_missing", scope: "videos:write" });

      await page.reload();
      const item = page.getByRole("listitem").filter({ hasText: "Nightly import" });
      await item.getByText(`…${secret.slice(-4)}`).waitFor();
      await item.getByText(/last used/).waitFor();
      expect(await page.getByLabel("Secret").count()).toBe(0);
      await item.getByRole("button", { name: "Delete the key Nightly import…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete key" }).click();
      // By its text: behind a dialog nothing has a role.
      await expect.poll(() => page.getByText("Nightly import").count()).toBe(0);
      expect((await call("GET")).status).toBe(401);
    });
  });
}
