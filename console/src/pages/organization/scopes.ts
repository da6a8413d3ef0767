import type { Schema } from "@/api/client";

type Scope = Schema["KeyScope"];

/** Permissions of a key, by the strongest of its scopes. */
export const PERMISSIONS: readonly (readonly [Scope, string])[] = [
  ["read", "Read"],
  ["write", "Read and write"],
  ["admin", "Read, write, and administer keys"],
];

/** Return the scopes of a permission: write includes read, admin both. */
export function scopesUpTo(strongest: Scope): Scope[] {
  const order = PERMISSIONS.map(([scope]) => scope);
  return order.slice(0, order.indexOf(strongest) + 1);
}

/** State of a key: whether it can be used at a time. */
export function keyState(
  key: { revoked_at: string | null; expires_at: string | null },
  now = Date.now(),
): "active" | "revoked" | "expired" {
  if (key.revoked_at !== null) return "revoked";
  return key.expires_at !== null && Date.parse(key.expires_at) <= now ? "expired" : "active";
}

/** Return the end of so many days as the API reads it; null for no expiry. */
export function expiryIn(days: string, now = Date.now()): string | null {
  return days === "" ? null : new Date(now + Number(days) * 86_400_000).toISOString();
}
