/** Profiles: the administrator decides which are allowed, and the table defines what they mean. */
import { expect, test } from "vitest";
import { profileFor } from "./profile.ts";

test("without a wish it is the first quality allowed", () => {
  expect(profileFor({ STORAGEX_PROFILES: ["fast", "fine"] }, undefined)).toEqual({
    preset: "veryfast",
    av1: false,
  });
  expect(profileFor({ STORAGEX_PROFILES: ["av1", "fine"] }, undefined)).toEqual({
    preset: "medium",
    av1: false,
  });
});

test("a wish is met where it is allowed, and refused where not", () => {
  const all = { STORAGEX_PROFILES: ["fast", "fine", "av1"] as const };
  const only = (...allowed: ("fast" | "fine" | "av1")[]) => ({ STORAGEX_PROFILES: allowed });
  expect(
    profileFor({ STORAGEX_PROFILES: [...all.STORAGEX_PROFILES] }, { quality: "fine", av1: true }),
  ).toEqual({
    preset: "medium",
    av1: true,
  });
  expect(() => profileFor(only("fast"), { quality: "fine", av1: false })).toThrow("Allowed are fast.");
  expect(() => profileFor(only("fast", "fine"), { quality: "fast", av1: true })).toThrow(
    "upload.profile_not_allowed",
  );
});
