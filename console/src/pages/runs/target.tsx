import { $api } from "@/api/client";
import { type Run, targetText } from "./runs";

/** A target in a few words; an agent by its name. */
export function Target({ target }: { target: Run["target"] }) {
  const id = typeof target.agent_id === "string" ? target.agent_id : "";
  const agent = $api.useQuery(
    "get",
    "/v1/agents/{agent_id}",
    { params: { path: { agent_id: id } } },
    { enabled: id !== "", staleTime: 60_000 },
  );
  if (id === "") return <span dir="auto">{targetText(target)}</span>;
  return (
    <span className="run-agent" title={id}>
      Agent <bdi>{agent.data?.name ?? (agent.isPending ? "…" : id)}</bdi>
    </span>
  );
}
