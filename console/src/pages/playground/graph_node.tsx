import { type Node as FlowNode, Handle, type NodeProps, Position } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { type DrawnNode, typeText } from "./drawing";
import type { Finding } from "./findings";
import { NodeIcon } from "./node_icon";

export type NodeData = {
  node: DrawnNode;
  /** Numbers of the visits in the session. */
  visits: number[];
  isCurrent: boolean;
  isInTurn: boolean;
  isSelected: boolean;
  isEntry: boolean;
  /** The one node that the tab key reaches; arrow keys reach the others. */
  hasTabStop: boolean;
  findings: Finding[];
  onMove: (step: number) => void;
};

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** A node: its kind, its name, its visits, its findings. */
export function GraphNode({ data }: NodeProps<FlowNode<NodeData>>) {
  const { node, visits, findings, isSelected } = data;
  const button = useRef<HTMLButtonElement>(null);
  // The arrow keys select the next node: the focus follows.
  useEffect(() => {
    const focused = document.activeElement;
    if (isSelected && focused?.classList.contains("graph-node"))
      button.current?.focus({ preventScroll: true });
  }, [isSelected]);
  const names = [
    "graph-node",
    node.type,
    data.isCurrent && "current",
    data.isInTurn && "in-turn",
    visits.length > 0 && "visited",
    isSelected && "selected",
  ];
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button
        ref={button}
        type="button"
        className={names.filter(Boolean).join(" ")}
        tabIndex={data.hasTabStop ? 0 : -1}
        aria-pressed={isSelected}
        onKeyDown={(event) => {
          const step = STEPS[event.key];
          if (step === undefined) return;
          event.preventDefault();
          data.onMove(step);
        }}
      >
        <NodeIcon type={node.type} />
        <span className="graph-node-text">
          <span className="graph-node-name" dir="auto">
            {node.name}
          </span>
          <span className="graph-node-kind">
            {typeText(node.type)}
            {data.isEntry && " · start"}
          </span>
        </span>
        <Marks visits={visits} isCurrent={data.isCurrent} findings={findings} />
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}

function Marks({
  visits,
  isCurrent,
  findings,
}: Pick<NodeData, "visits" | "isCurrent" | "findings">) {
  const worst = findings[0]?.severity;
  return (
    <>
      {visits.length > 0 && (
        <span className="graph-mark visits">
          <span className="visually-hidden">Visited as </span>
          {visits.length > 3
            ? `${visits.slice(0, 2).join("·")}…${visits.at(-1)}`
            : visits.join("·")}
        </span>
      )}
      {isCurrent && <span className="graph-mark now">Now</span>}
      {worst && (
        <span
          className={`graph-mark ${worst}`}
          title={findings.map((finding) => finding.message).join("\n")}
        >
          {worst === "suggestion" ? "?" : "!"} {findings.length}
          <span className="visually-hidden"> findings</span>
        </span>
      )}
    </>
  );
}
