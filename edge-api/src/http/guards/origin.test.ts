import { expect, test } from "vitest";
import { isOwnHost, isOwnOrigin } from "./origin.ts";

test.each([
  ["https://video.example", "https://video.example/v1", "https://video.example", true],
  ["https://video.example", "https://video.example/v1", "https://video.example.evil", false],
  ["https://video.example", "https://video.example/v1", "http://video.example", false],
  ["https://video.example", "http://127.0.0.1:3000/v1", "http://127.0.0.1:3000", false],
  ["http://127.0.0.1:3000", "http://localhost:3000/v1", "http://localhost:3000", true],
  ["http://127.0.0.1:3000", "http://127.0.0.1:3000/v1", "http://localhost:3000", false],
  ["http://127.0.0.1:3000", "http://rebound.evil:3000/v1", "http://rebound.evil:3000", false],
  ["http://127.0.0.1:3000", "http://localhost:3000/v1", "null", false],
])("public %s, asked at %s, from %s: %s", (publicOrigin, url, origin, own) => {
  expect(isOwnOrigin(origin, url, { publicOrigin })).toBe(own);
});

test.each([
  ["http://127.0.0.1:3000", "http://127.0.0.1:3000/v1", true],
  ["http://127.0.0.1:3000", "http://localhost:8080/v1", true],
  ["http://localhost:3000", "http://storagex.localhost/v1", true],
  ["http://127.0.0.1:3000", "http://[::1]:3000/v1", true],
  ["http://127.0.0.1:3000", "http://192.0.2.7:3000/v1", true],
  ["http://127.0.0.1:3000", "http://edge-api:8787/v1", true],
  ["http://127.0.0.1:3000", "http://rebound.evil:3000/v1", false],
  ["http://127.0.0.1:3000", "http://127.0.0.1.evil:3000/v1", false],
  ["http://127.0.0.1:3000", "http://evil.:3000/v1", false],
  ["https://video.example", "http://edge.internal/v1", true],
])("public %s, asked at %s: %s", (publicOrigin, url, own) => {
  expect(isOwnHost(url, { publicOrigin })).toBe(own);
});
