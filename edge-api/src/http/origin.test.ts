import { expect, test } from "vitest";
import { isOwnOrigin } from "./origin.ts";

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
