/** Actions on a stored scenario, for the list and for its page. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, type Schema } from "@/api/client";
import { useDelete } from "@/api/deletions";
import { useToasts } from "@/ui/toasts";
import { useFollow } from "@/ui/use_follow";
import { contentOfScenario, createOf } from "./content";

type Scenario = Schema["ScenarioResponse"];

/** Return functions that run, duplicate and delete a scenario. */
export function useScenarioActions(scenario: Scenario) {
  const navigate = useNavigate();
  const follow = useFollow();
  const queries = useQueryClient();
  const { note, noteError } = useToasts();
  const erase = useDelete();

  async function duplicate() {
    const copy = contentOfScenario(scenario);
    const name = `Copy of ${scenario.name}`.slice(0, 255);
    try {
      const { data } = await api.POST("/v1/scenarios", {
        params: { header: { "Idempotency-Key": crypto.randomUUID() } },
        body: createOf({ ...copy, name }, scenario),
      });
      await queries.invalidateQueries({ queryKey: ["get", "/v1/scenarios"] });
      note({ text: "The copy is stored." });
      if (data) void follow({ to: "/scenarios/$scenarioId", params: { scenarioId: data.id } });
    } catch (error) {
      noteError(error);
    }
  }

  return {
    run: () => void navigate({ to: "/runs/new", search: { scenarios: scenario.id } }),
    duplicate: () => void duplicate(),
    remove: () =>
      erase(scenario.id, scenario.name, (isLeaving) =>
        api.DELETE("/v1/scenarios/{scenario_id}", {
          params: { path: { scenario_id: scenario.id } },
          keepalive: isLeaving,
        }),
      ),
  };
}
