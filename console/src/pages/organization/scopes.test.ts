import { expect, test } from "vitest";
import { expiryIn, keyState, scopesUpTo } from "./scopes";

const NOW = Date.parse("2026-03-01T10:00:00Z");

test("a permission includes the weaker ones", () => {
  expect(scopesUpTo("write")).toEqual(["read", "write"]);
  expect(scopesUpTo("admin")).toEqual(["read", "write", "admin"]);
});

test.each([
  [null, null, "active"],
  [null, "2026-03-01T10:00:00Z", "expired"],
  [null, "2026-03-01T10:00:01Z", "active"],
  ["2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z", "revoked"],
])("a key revoked at %s that expires at %s is %s", (revoked_at, expires_at, state) => {
  expect(keyState({ revoked_at, expires_at }, NOW)).toBe(state);
});

test("an expiry is a time, or none", () => {
  expect(expiryIn("7", NOW)).toBe("2026-03-08T10:00:00.000Z");
  expect(expiryIn("", NOW)).toBeNull();
});
