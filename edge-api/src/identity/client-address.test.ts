import { expect, test } from "vitest";
import { clientAddress, clientNetwork } from "./client-address.ts";

const from = (value: string, trusted: string | undefined = "x-real-ip"): string | undefined =>
  clientNetwork(new Headers({ "x-real-ip": value }), trusted);

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["6.6.6.6, 192.0.2.7", "192.0.2.7"],
  ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::ffff:192.0.2.7", "::ffff:192.0.2.7"],
  ["192.0.2.7:5678", "192.0.2.7"],
  ["[2001:db8::1]:5678", "2001:db8:0:0::/64"],
  ["[2001:db8::1]", "2001:db8:0:0::/64"],
  [" ", undefined],
])("%s counts as %s", (value, address) => {
  expect(from(value)).toBe(address);
});

test("who acted is named by the whole address", () => {
  expect(clientAddress(new Headers({ "x-real-ip": "[2001:DB8::1]:5678" }), "x-real-ip")).toBe("2001:db8::1");
});

test("no header is believed that the operator did not name", () => {
  expect(clientAddress(new Headers({ "x-real-ip": "192.0.2.7" }), undefined)).toBeUndefined();
  expect(clientAddress(new Headers(), "x-real-ip")).toBeUndefined();
});
