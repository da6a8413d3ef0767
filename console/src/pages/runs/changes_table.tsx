import { useState } from "react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { CHANGES, exampleOf, type Item, pText } from "./changes";
import { SessionLink } from "./links";
import { Cell } from "./matrix";
import { nameOf, type Result, type Run } from "./runs";
import { unitKey, unitsOf } from "./scores";
import { usePersonaNames, useResults } from "./use_run";

/** Rows at first, and with each further step. */
const STEP = 50;

type Props = { run: Run; baseline: Run; items: readonly Item[] };

/** Scenarios with their repeats in both runs; each repeat opens its simulation. */
export function ChangesTable({ run, baseline, items }: Props) {
  const [shown, setShown] = useState(STEP);
  const now = useResults(run);
  const before = useResults(baseline);
  const personas = usePersonaNames([...run.persona_ids, ...baseline.persona_ids]);
  const nowUnits = new Map(unitsOf(now.items).map((unit) => [unit.key, unit.results]));
  const beforeUnits = new Map(unitsOf(before.items).map((unit) => [unit.key, unit.results]));
  if (items.length === 0) return <p className="muted">No scenario has this change.</p>;
  return (
    <div className="stack">
      <div className="table-frame">
        <table className="table changes">
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              <th scope="col">Change</th>
              <th scope="col">Earlier run</th>
              <th scope="col">This run</th>
              <th scope="col" title="Fisher's exact test">
                p
              </th>
              <th scope="col">Sessions</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, shown).map((item) => {
              const key = unitKey(item);
              return (
                <ChangeRow
                  key={key}
                  item={item}
                  persona={item.persona_id && (personas.get(item.persona_id) ?? item.persona_id)}
                  before={{ run: baseline, results: beforeUnits.get(key) ?? [] }}
                  now={{ run, results: nowUnits.get(key) ?? [] }}
                />
              );
            })}
          </tbody>
        </table>
      </div>
      {items.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + STEP)}>
            Show more of {count(items.length)} scenarios
          </Button>
        </div>
      )}
    </div>
  );
}

type Side = { run: Run; results: readonly (Result | undefined)[] };

function ChangeRow({
  item,
  persona,
  before,
  now,
}: {
  item: Item;
  persona: string | null;
  before: Side;
  now: Side;
}) {
  const { text, sign, tone } = CHANGES[item.change];
  return (
    <tr>
      <th scope="row" className="matrix-name">
        <span dir="auto">{nameOf(item)}</span>
        {persona && (
          <span className="muted small">
            {" "}
            with <bdi>{persona}</bdi>
          </span>
        )}
      </th>
      <td>
        <Badge tone={tone}>
          <span aria-hidden="true">{sign} </span>
          {text}
        </Badge>
      </td>
      <Repeats side={before} tally={item.before} />
      <Repeats side={now} tally={item.now} />
      <td className="number">{pText(item.p_value)}</td>
      <td>
        <div className="stack change-sessions">
          <ExampleLink side={before} text="Earlier" />
          <ExampleLink side={now} text="This run" />
        </div>
      </td>
    </tr>
  );
}

function Repeats({ side, tally }: { side: Side; tally: Item["now"] }) {
  return (
    <td>
      <div className="numbers small">{tally ? `${tally.passed}/${tally.total} passed` : "–"}</div>
      <div className="change-cells">
        {side.results.map(
          (result) =>
            result && (
              <Cell
                key={result.number}
                runId={side.run.id}
                result={result}
                repeat={result.repeat}
              />
            ),
        )}
      </div>
    </td>
  );
}

/** Link to the session of a repeat that did not pass, if there is one. */
function ExampleLink({ side, text }: { side: Side; text: string }) {
  const example = exampleOf(side.results);
  if (!example) return null;
  return (
    <SessionLink result={example}>
      {text} <span className="visually-hidden">session of repeat {example.repeat + 1}</span>
    </SessionLink>
  );
}
