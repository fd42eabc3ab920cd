/** Who may read and write by signed URLs: any page reads, the dashboard writes. */
import { expect, test } from "vitest";
import { corsHeaders, preflightHeaders } from "./cors.ts";

const DASHBOARD = "https://video.example.org";
const preflight = (origin: string, method: string) =>
  preflightHeaders([DASHBOARD], new Map(Object.entries({ origin, "access-control-request-method": method })));

test("any page reads, and only the dashboard writes", () => {
  expect(corsHeaders([DASHBOARD], "https://elsewhere.example", "GET")).toMatchObject({
    "Access-Control-Allow-Origin": "*",
  });
  expect(corsHeaders([DASHBOARD], "https://elsewhere.example", "PUT")).toEqual({ Vary: "Origin" });
  expect(corsHeaders([DASHBOARD], DASHBOARD, "PUT")["Access-Control-Allow-Origin"]).toBe(DASHBOARD);
  expect(preflight("https://elsewhere.example", "GET")).toMatchObject({
    ...{ "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD" },
  });
  expect(preflight("https://elsewhere.example", "PUT")).toBeNull();
  expect(preflight(DASHBOARD, "PUT")?.["Access-Control-Allow-Methods"]).toContain("PUT");
});
