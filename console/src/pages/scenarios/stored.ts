/** A stored scenario and its checks, each with its version. */
import { type QueryClient, type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Schema } from "@/api/client";
import type { Check } from "./checks";

export type Scenario = Schema["ScenarioResponse"];
export type Stored = { scenario: Scenario; etag: string | null };
export type StoredChecks = { checks: readonly Check[]; etag: string | null };

const keyOf = (id: string) => ["scenario", id] as const;
const checksKeyOf = (id: string) => ["checks", id] as const;
const path = (id: string) => ({ scenario_id: id });

/** Replace what was read; the answer to a read that began before does not come behind it. */
async function replaceRead(queries: QueryClient, queryKey: QueryKey, stored: unknown) {
  await queries.cancelQueries({ queryKey });
  queries.setQueryData(queryKey, stored);
}

async function readScenario(id: string): Promise<Stored> {
  const { data, response } = await api.GET("/v1/scenarios/{scenario_id}", {
    params: { path: path(id) },
  });
  return { scenario: data as Scenario, etag: response.headers.get("etag") };
}

/** Read a scenario; what is edited is not replaced by a later version unasked. */
export function useStored(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: () => readScenario(id),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Return functions that store changes, and that read the newest version. */
export function useUpdate(id: string) {
  const queries = useQueryClient();
  async function update(body: Schema["ScenarioUpdate"], etag: string | null): Promise<Stored> {
    const { data, response } = await api.PUT("/v1/scenarios/{scenario_id}", {
      params: { path: path(id), header: etag ? { "If-Match": etag } : {} },
      body,
    });
    const stored = { scenario: data as Scenario, etag: response.headers.get("etag") };
    await replaceRead(queries, keyOf(id), stored);
    void queries.invalidateQueries({ queryKey: ["get", "/v1/scenarios"] });
    return stored;
  }
  async function reload(): Promise<Stored> {
    const stored = await readScenario(id);
    await replaceRead(queries, keyOf(id), stored);
    return stored;
  }
  return { update, reload };
}

export function useChecks(id: string) {
  return useQuery({
    queryKey: checksKeyOf(id),
    queryFn: async (): Promise<StoredChecks> => {
      const { data, response } = await api.GET("/v1/scenarios/{scenario_id}/checks", {
        params: { path: path(id) },
      });
      return { checks: data?.checks ?? [], etag: response.headers.get("etag") };
    },
  });
}

/** Return a function that replaces the checks of the version that was read. */
export function useSetChecks(id: string) {
  const queries = useQueryClient();
  return async (checks: readonly Check[], etag: string | null): Promise<StoredChecks> => {
    try {
      const { data, response } = await api.PUT("/v1/scenarios/{scenario_id}/checks", {
        params: { path: path(id), header: etag ? { "If-Match": etag } : {} },
        body: { checks: [...checks] },
      });
      const stored = { checks: data?.checks ?? [], etag: response.headers.get("etag") };
      await replaceRead(queries, checksKeyOf(id), stored);
      return stored;
    } catch (error) {
      // Another tab may have changed them: the list shows what is stored.
      void queries.invalidateQueries({ queryKey: checksKeyOf(id) });
      throw error;
    }
  };
}
