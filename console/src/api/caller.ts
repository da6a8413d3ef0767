/** The key's organization and scopes: an action that a scope forbids is not offered. */
import { $api, type Schema } from "./client";

type Scope = Schema["KeyScope"];

/** The answer of whoami, read once a key; undefined until it is there. */
export function useCaller(): Schema["WhoAmIResponse"] | undefined {
  return $api.useQuery("get", "/v1/identity/whoami", {}, { staleTime: Number.POSITIVE_INFINITY })
    .data;
}

/** True if the key has the scope; false until that is known. */
export function useMay(scope: Scope): boolean {
  return useCaller()?.scopes.includes(scope) ?? false;
}
