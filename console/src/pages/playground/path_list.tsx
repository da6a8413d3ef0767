import { Badge } from "@/ui/badge";
import { duration } from "@/ui/format";
import { type Drawing, type Link, labelOf } from "./drawing";
import { type NotTaken, reasonOf, type Step, seenText, stepsOf, type Turn } from "./path";

type Props = {
  drawing: Drawing;
  turns: readonly Turn[];
  turn: number;
  onSelect: (nodeId: string) => void;
};

/** The nodes of a turn in order, each with the link taken and the links not taken, with reasons. */
export function PathList({ drawing, turns, turn, onSelect }: Props) {
  const selected = turns.find((one) => one.turn === turn);
  if (!selected) return <p className="muted">No turn has run: the session is at its first node.</p>;
  const names = new Map(drawing.nodes.map((node) => [node.id, node.name]));
  return (
    <ol className="path-list">
      {stepsOf(selected, drawing).map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a stored turn do not change.
        <li key={index}>
          <div className="row">
            <button type="button" className="link" onClick={() => onSelect(step.node.node_id)}>
              <bdi>{names.get(step.node.node_id) ?? step.node.node_id}</bdi>
            </button>
            <Outcome step={step} />
            <span className="muted small">{duration(step.node.took_ms)}</span>
          </div>
          <Ways step={step} names={names} />
        </li>
      ))}
    </ol>
  );
}

function Outcome({ step: { node } }: { step: Step }) {
  if (node.outcome === "failed") return <Badge tone="bad">Failed</Badge>;
  if (node.outcome === "completed") return <Badge tone="ok">Completed</Badge>;
  return <Badge tone="warn">{node.asked ? `Asks for ${node.asked}` : "Waits"}</Badge>;
}

function Ways({ step, names }: { step: Step; names: ReadonlyMap<string, string> }) {
  const way = step.node.way;
  if (!way) return null;
  const nameOf = (link: Link) => names.get(link.to) ?? link.to;
  return (
    <ul className="ways">
      {step.notTaken.map((one) => (
        <NotTakenWay key={one.link.id} one={one} to={nameOf(one.link)} />
      ))}
      <li className="taken">
        <strong>
          Taken → <bdi>{names.get(way.to) ?? way.to}</bdi>
        </strong>{" "}
        <span className="muted">
          <bdi>{way.condition ?? (step.taken && labelOf(step.taken)) ?? ""}</bdi>
          {way.because && ` (${way.because})`}
          {Object.keys(way.seen).length > 0 && (
            <>
              : <bdi>{seenText(way.seen)}</bdi>
            </>
          )}
        </span>
      </li>
    </ul>
  );
}

function NotTakenWay({ one, to }: { one: NotTaken; to: string }) {
  return (
    <li className="not-taken">
      <strong>
        Not taken → <bdi>{to}</bdi>
      </strong>{" "}
      <bdi className="muted">{reasonOf(one)}</bdi>
    </li>
  );
}
