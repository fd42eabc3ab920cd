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
  ["2001:0db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:0:0:9::1", "2001:db8:0:0::/64"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:c000:207", "192.0.2.7"],
  ["[::ffff:192.0.2.7]:5678", "192.0.2.7"],
  ["unknown", "unknown"],
  ["_hidden:5678", "_hidden"],
  ["192.0.2.7:5678", "192.0.2.7"],
  ["[2001:db8::1]:5678", "2001:db8:0:0::/64"],
  ["[2001:db8::1]", "2001:db8:0:0::/64"],
  [" ", undefined],
])("%s counts as %s", (value, address) => {
  expect(from(value)).toBe(address);
});

test("who acted is named by the whole address", () => {
  const named = (value: string) => clientAddress(new Headers({ "x-real-ip": value }), "x-real-ip");
  expect(named("[2001:DB8::1]:5678")).toBe("2001:db8::1");
  expect(named("2001:0db8:0:0:0::1")).toBe("2001:db8::1");
  expect(named("::ffff:192.0.2.7")).toBe("192.0.2.7");
});

test("no header is believed that the operator did not name", () => {
  expect(clientAddress(new Headers({ "x-real-ip": "192.0.2.7" }), undefined)).toBeUndefined();
  expect(clientAddress(new Headers(), "x-real-ip")).toBeUndefined();
});
