import type { Schema } from "@/api/client";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { JsonText } from "@/ui/texts";
import { type Drawing, typeText } from "./drawing";
import { type Step, seenText, stepsOf, type Turn } from "./path";

type Definition = Schema["ConversationGraph"]["nodes"][number];

/** Definition of a node, and what it did in each turn. */
export function NodeDetails({
  definition,
  turns,
  drawing,
  onTurn,
}: {
  definition: Definition | undefined;
  turns: readonly Turn[];
  drawing: Drawing;
  onTurn: (change: { turn: string }) => void;
}) {
  if (!definition)
    return <p className="muted">Select a node in the graph to see its definition and its runs.</p>;
  const runs = turns.flatMap((turn) =>
    stepsOf(turn, drawing)
      .filter((step) => step.node.node_id === definition.id)
      .map((step) => ({ turn, step })),
  );
  return (
    <div className="stack node-details">
      <h2 dir="auto">{definition.name ?? definition.id}</h2>
      <p className="muted small">
        {typeText(definition.type)}, id <code dir="auto">{definition.id}</code>
      </p>
      <h3>Runs</h3>
      {runs.length === 0 && <p className="muted">The node has not run in this session.</p>}
      <ol className="runs">
        {runs.map(({ turn, step }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the runs of stored turns do not change.
          <li key={index} className="row">
            <Button compact onClick={() => onTurn({ turn: String(turn.turn) })}>
              Turn {turn.turn}
            </Button>
            <Did step={step} />
          </li>
        ))}
      </ol>
      <h3>Definition</h3>
      <JsonText label={`Definition of ${definition.id}`} value={definition} />
    </div>
  );
}

function Did({ step: { node, taken, notTaken } }: { step: Step }) {
  const set = seenText(node.set);
  return (
    <span className="small">
      {node.outcome === "failed" && <Badge tone="bad">Failed</Badge>}{" "}
      {node.tools.length > 0 && `Called ${node.tools.map((tool) => tool.tool).join(", ")}. `}
      {set && <bdi>Set {set}. </bdi>}
      {node.asked && <bdi>Asked for {node.asked}. </bdi>}
      {taken && <bdi>Went to {taken.to}. </bdi>}
      {notTaken.length > 0 && `${notTaken.length} links not taken.`}
    </span>
  );
}
