import { Badge } from "@/ui/badge";
import { type Finding, placeOf, SEVERITY_TONE } from "./findings";

const TITLE = { error: "Error", warning: "Warning", suggestion: "Suggestion" };
/** Findings that are shown; the API returns at most 1,000. */
const SHOWN = 200;

/** Findings with their fix; each leads to its node. */
export function FindingsList({
  findings,
  onSelect,
}: {
  findings: readonly Finding[];
  onSelect: (nodeId: string, finding: Finding) => void;
}) {
  if (findings.length === 0)
    return <p className="muted">The validation finds nothing in this graph.</p>;
  return (
    <ul className="findings">
      {findings.slice(0, SHOWN).map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no id.
        <li key={index}>
          <div className="row">
            <Badge tone={SEVERITY_TONE[finding.severity]}>{TITLE[finding.severity]}</Badge>
            <code>{finding.rule_id}</code>
            <Place finding={finding} onSelect={onSelect} />
          </div>
          <bdi>{finding.message}</bdi>{" "}
          {finding.suggested_fix && <bdi className="muted">Fix: {finding.suggested_fix}</bdi>}
        </li>
      ))}
      {findings.length > SHOWN && (
        <li className="muted">{findings.length - SHOWN} further findings are not shown.</li>
      )}
    </ul>
  );
}

function Place({
  finding,
  onSelect,
}: {
  finding: Finding;
  onSelect: (nodeId: string, finding: Finding) => void;
}) {
  const place = placeOf(finding);
  if (place === null) return null;
  return (
    <button type="button" className="link" onClick={() => onSelect(place, finding)}>
      <bdi>{finding.edge_id ?? place}</bdi>
    </button>
  );
}
