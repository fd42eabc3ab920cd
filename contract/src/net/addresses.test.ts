/** Which addresses are public, and what an operator's list lets through. */
import { expect, test } from "vitest";
import { isListed, isPublicAddress, isRefusedAtOnce, readAllowList } from "./addresses.ts";

const NONE = readAllowList("");

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "0.1.2.3",
  "224.0.0.1",
  "255.255.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "198.18.0.1",
  "240.0.0.1",
  "::",
  "::1",
  "fe80::1",
  "fc00::1",
  "fd12:3456::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::7f00:1",
  "2002:7f00:1::",
  "2001::1",
  "2001:db8::1",
  "fe80::1%eth0",
  "example.org",
  "",
  "0177.0.0.1x",
])("%s is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:80b::200e"])(
  "%s is public",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  "http://example.org/",
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0177.0.0.1/",
  "https://0x7f.1/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://localhost/",
  "https://localhost./",
  "https://db.internal/",
  "https://postgres/",
  "file:///etc/passwd",
  "gopher://example.org/",
  "http://8.8.8.8/",
])("%s is refused at once", (url) => {
  expect(isRefusedAtOnce(new URL(url), NONE)).toBe(true);
});

test("a list lets through its hosts and networks, and names that may resolve to them", () => {
  const allow = readAllowList(" Hooks.Example.org, 10.0.0.0/8 ,127.0.0.1,[fd00::1], fd01::/16");
  for (const host of ["hooks.example.org", "10.200.0.1", "127.0.0.1", "fd00::1", "fd01:2::3"])
    expect(isListed(host, allow), host).toBe(true);
  for (const host of ["example.org", "11.0.0.1", "127.0.0.2", "fd00::2", "::ffff:10.0.0.1"])
    expect(isListed(host, allow), host).toBe(false);
  for (const url of [
    "http://hooks.example.org/",
    "http://10.0.0.1/",
    "http://maybe.example.org/",
    "https://db/",
  ])
    expect(isRefusedAtOnce(new URL(url), allow), url).toBe(false);
  for (const url of ["http://11.0.0.1/", "https://192.168.0.1/", "ftp://hooks.example.org/"])
    expect(isRefusedAtOnce(new URL(url), allow), url).toBe(true);
  expect(isRefusedAtOnce(new URL("https://example.org/"), NONE)).toBe(false);
  expect(isRefusedAtOnce(new URL("http://maybe.example.org/"), readAllowList("example.org"))).toBe(true);
  for (const text of ["10.0.0.0/33", "a b", "1.2.3", "https://example.org", "*"])
    expect(() => readAllowList(text), text).toThrow("neither a host nor a network");
});

test("where plain http is allowed, the same addresses are refused by either", () => {
  const isRefused = (url: string) => isRefusedAtOnce(new URL(url), NONE, { plainHttp: true });
  for (const url of ["http://example.org/", "https://example.org/", "http://93.184.216.34/"])
    expect(isRefused(url), url).toBe(false);
  for (const url of [
    "http://127.0.0.1/",
    "http://nas/",
    "http://a.local/",
    "https://[::1]/",
    "ftp://example.org/",
  ])
    expect(isRefused(url), url).toBe(true);
});
