/** What is kept of who watches says nothing of them the next day, nor beside another video. */
import { expect, test } from "vitest";
import { dailyHash, deviceOf, placeOf, type Seen } from "./visitor.ts";

const seen: Seen = {
  ...{ videoId: "v", named: "", network: "192.0.2.1", userAgent: "Firefox", languages: "en" },
};

test("the same viewer has the same hash on one day and video, and another everywhere else", async () => {
  const hash = (more: Partial<Seen> = {}, salt = "salt") => dailyHash(salt, { ...seen, ...more });
  const [first] = await Promise.all([hash()]);
  expect(await hash()).toBe(first);
  expect(first).toMatch(/^[\w-]{12}$/);
  const others = await Promise.all([
    hash({}, "tomorrow"),
    hash({ videoId: "w" }),
    hash({ network: "192.0.2.2" }),
    hash({ userAgent: "Chrome" }),
    hash({ languages: "de" }),
    hash({ named: "member" }),
    hash({ network: undefined }),
  ]);
  expect(new Set([first, ...others]).size).toBe(8);
  // Whom a site names is the same person on each device.
  expect(await hash({ named: "member", userAgent: "Chrome", network: "192.0.2.2" })).toBe(others[5]);
});

test("kinds of devices", () => {
  const agents: Record<string, string> = {
    desktop: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    phone:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    tablet:
      "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
    tv: "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36",
    other: "curl/8.5.0",
  };
  for (const [kind, agent] of Object.entries(agents)) expect(deviceOf(agent), agent).toBe(kind);
  expect(deviceOf(undefined)).toBe("other");
  expect(deviceOf("x".repeat(100_000))).toBe("other");
});

test("a place is the origin of a web page, whatever is sent", () => {
  expect(placeOf("https://News.Example/secret?page#1")).toBe("https://news.example");
  for (const text of [
    undefined,
    "",
    "news",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:,x",
    `https://${"a".repeat(250)}.example`,
  ])
    expect(placeOf(text), text).toBeNull();
});
