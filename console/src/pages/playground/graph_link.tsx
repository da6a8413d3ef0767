import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { type Link, labelOf } from "./drawing";
import type { Finding } from "./findings";
import { lineOf, type Places, shortLabel } from "./layout";

export type LinkData = {
  link: Link;
  place: ReturnType<Places["links"]["get"]>;
  look: "plain" | "taken" | "in-turn" | "not-taken";
  /** Reason why the selected turn did not take the link. */
  reason: string | undefined;
  findings: Finding[];
};

/** A link along its laid-out line, with its condition. */
export function GraphLink({ id, data }: EdgeProps<Edge<LinkData>>) {
  const place = data?.place;
  if (!data || !place) return null;
  const { link, look, reason, findings } = data;
  const worst = findings[0]?.severity ?? "";
  const label = labelOf(link);
  const title = [label, reason && `Not taken: ${reason}`, ...findings.map((one) => one.message)];
  return (
    <>
      <BaseEdge
        id={id}
        path={lineOf(place.points)}
        className={`graph-line ${look} ${link.kind} ${worst}`}
        interactionWidth={0}
      />
      <Arrow points={place.points} look={look} />
      {(label || worst || look === "not-taken") && (
        <EdgeLabelRenderer>
          <span
            className={`graph-label ${look} ${worst}`}
            title={title.filter(Boolean).join("\n")}
            style={{
              transform: `translate(-50%, -50%) translate(${place.label.x}px, ${place.label.y}px)`,
            }}
          >
            {look === "not-taken" && "✕ "}
            {worst && "! "}
            <bdi>{shortLabel(label)}</bdi>
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

function Arrow({ points, look }: { points: readonly { x: number; y: number }[]; look: string }) {
  const [end, before] = [points.at(-1), points.at(-2)];
  if (!end || !before) return null;
  const angle = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return (
    <path
      className={`graph-arrow ${look}`}
      d="M0,0 L-8,-4 L-8,4 Z"
      transform={`translate(${end.x} ${end.y}) rotate(${angle})`}
    />
  );
}
