import { Link } from "@tanstack/react-router";
import { useMay } from "@/api/caller";
import { Badge } from "@/ui/badge";
import { Menu } from "@/ui/menu";
import { Time } from "@/ui/time";
import type { Scenario } from "./list";
import { useScenarioActions } from "./use_scenario_actions";

/** Tags of a row that are shown; the others are counted. */
const SHOWN_TAGS = 4;

type Props = {
  items: readonly Scenario[];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
};

export function ScenariosTable({ items, selected, onSelect }: Props) {
  const isAll = items.every((scenario) => selected.has(scenario.id));
  return (
    <div className="table-frame">
      <table className="table scenarios-table">
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                className="scenario-check"
                aria-label="Select all that are loaded"
                checked={isAll}
                onChange={() => onSelect(new Set(isAll ? [] : items.map((one) => one.id)))}
              />
            </th>
            <th scope="col">Scenario</th>
            <th scope="col">Source</th>
            <th scope="col">Tags</th>
            <th scope="col">Tools</th>
            <th scope="col">Criteria</th>
            <th scope="col">Created</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((scenario) => (
            <Row
              key={scenario.id}
              scenario={scenario}
              isSelected={selected.has(scenario.id)}
              onSelect={() => onSelect(toggled(selected, scenario.id))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

type RowProps = { scenario: Scenario; isSelected: boolean; onSelect: () => void };

function Row({ scenario, isSelected, onSelect }: RowProps) {
  const mayWrite = useMay("write");
  const actions = useScenarioActions(scenario);
  const rest = scenario.tags.length - SHOWN_TAGS;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          className="scenario-check"
          aria-label={`Select ${scenario.name}`}
          checked={isSelected}
          onChange={onSelect}
        />
      </td>
      <th scope="row">
        <Link to="/scenarios/$scenarioId" params={{ scenarioId: scenario.id }} dir="auto">
          {scenario.name}
        </Link>
        <p className="muted small scenario-intent" dir="auto">
          {scenario.intent}
        </p>
      </th>
      <td>
        <Badge tone={scenario.source === "drafted" ? "accent" : "plain"}>
          {scenario.source === "drafted" ? "Drafted" : "By hand"}
        </Badge>
      </td>
      <td>
        <span className="row scenario-tags">
          {scenario.tags.slice(0, SHOWN_TAGS).map((tag) => (
            <span key={tag} className="badge tag" dir="auto">
              {tag}
            </span>
          ))}
          {rest > 0 && <span className="muted small">and {rest} more</span>}
        </span>
      </td>
      <td className="number">{Object.keys(scenario.mock_world).length}</td>
      <td className="number">{scenario.success_criteria.length}</td>
      <td className="scenario-time">
        <Time value={scenario.created_at} />
      </td>
      <td>
        {mayWrite && (
          <Menu
            label={
              <>
                <span aria-hidden="true">⋯</span>
                <span className="visually-hidden">Actions of {scenario.name}</span>
              </>
            }
            entries={[
              { text: "Run…", onSelect: actions.run },
              { text: "Duplicate", onSelect: actions.duplicate },
              { text: "Delete", isDanger: true, onSelect: () => actions.remove() },
            ]}
          />
        )}
      </td>
    </tr>
  );
}
