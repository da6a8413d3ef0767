/** The key's organization and scopes: an action that a scope forbids is not offered. */
import { $api, type Schema } from "./client";

type Scope = Schema["KeyScope"];

/** Weakest first: each scope includes those before it. */
const SCOPES: readonly Scope[] = ["read", "write", "admin"];

/** Path of the request, which no change makes stale. */
export const CALLER = "/v1/identity/whoami";

/** The answer of whoami, read once a key; undefined until it is there. */
export function useCaller(): Schema["WhoAmIResponse"] | undefined {
  return $api.useQuery("get", CALLER, {}, { staleTime: Number.POSITIVE_INFINITY }).data;
}

/** True if the key has the scope, or a stronger one; false until that is known. */
export function useMay(scope: Scope): boolean {
  const granted = useCaller()?.scopes ?? [];
  return SCOPES.slice(SCOPES.indexOf(scope)).some((one) => granted.includes(one));
}
