import { $api } from "@/api/client";
import { SelectField } from "@/ui/field";
import type { Agent } from "./content";

type Props = {
  agents: readonly Agent[];
  fault?: string | undefined;
  onChange: (agents: Agent[]) => void;
};

/** Agents of the organization, by UUID as scenarios have them; undefined until they are read. */
export function useAgents(): Agent[] | undefined {
  const query = { limit: 200 };
  const { data, isPending } = $api.useQuery("get", "/v1/agents", { params: { query } });
  if (isPending) return undefined;
  return (data?.data ?? []).map(({ id, name }) => ({ id: uuidOf(id), name }));
}

/** agent_97f89dc119e480b6bfe83dfdbb673392 → 97f89dc1-19e4-80b6-bfe8-3dfdbb673392 */
function uuidOf(id: string): string {
  const digits = id.replace(/^agent_/, "");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Agents that the scenario is to be run against. */
export function AgentsField({ agents, fault, onChange }: Props) {
  const known = useAgents() ?? [];
  const others = known.filter((agent) => !agents.some((one) => one.id === agent.id));
  function add(id: string) {
    const agent = others.find((one) => one.id === id);
    if (agent) onChange([...agents, agent]);
  }
  return (
    <div className="stack tags-field">
      <SelectField
        label="Agents to run against"
        options={[
          ["", others.length > 0 ? "Add an agent…" : "No further agents"],
          ...others.map(({ id, name }) => [id, name] as const),
        ]}
        value=""
        fault={fault}
        onChange={(event) => add(event.target.value)}
      />
      {agents.length > 0 && (
        <ul className="row chips" aria-label="Agents of the scenario">
          {agents.map(({ id, name }) => (
            <li key={id} className="chip">
              <span dir="auto">{known.find((one) => one.id === id)?.name ?? name}</span>
              <button
                type="button"
                className="chip-remove"
                aria-label={`Remove agent ${name}`}
                onClick={() => onChange(agents.filter((one) => one.id !== id))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
