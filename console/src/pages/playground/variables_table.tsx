import { Badge } from "@/ui/badge";
import { type Turn, valueText } from "./path";
import { type VariableRow, variableRows } from "./variables";

type Props = Omit<Parameters<typeof VariableRows>[0], "rows"> & {
  declared: Parameters<typeof variableRows>[0];
  turns: readonly Turn[];
  now: Readonly<Record<string, unknown>>;
};

/** The variables as of a turn; what the turn changed is marked, with the value before it. */
export function VariablesTable({ declared, turns, turn, now }: Props) {
  const rows = variableRows(declared, turns, turn, now);
  if (rows.length === 0) return <p className="muted">The graph has no variables.</p>;
  return <VariableRows rows={rows} turn={turn} />;
}

function VariableRows({ rows, turn }: { rows: VariableRow[]; turn: number }) {
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="visually-hidden">Variables as of turn {turn}</caption>
        <thead>
          <tr>
            <th scope="col">Variable</th>
            <th scope="col">Value</th>
            <th scope="col">In this turn</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className={row.isChanged ? "changed" : undefined}>
              <th scope="row">
                <code dir="auto" title={row.description}>
                  {row.name}
                </code>{" "}
                <span className="muted small">{row.type}</span>
              </th>
              <td>
                <Value value={row.value} />
              </td>
              <td>
                <Change row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({ row }: { row: VariableRow }) {
  return (
    <>
      {row.isChanged && (
        <>
          <Badge tone="accent">Changed</Badge>{" "}
          <span className="small">
            from <Value value={row.before} />
          </span>
        </>
      )}
      {row.rejected !== undefined && (
        <div>
          <Badge tone="warn">Rejected</Badge> <bdi className="small">{row.rejected}</bdi>
        </div>
      )}
    </>
  );
}

/** Characters of a value that are shown. */
const SHOWN = 300;

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) return <span className="muted">no value</span>;
  const text = valueText(value);
  return (
    <code className="value" dir="auto" title={text.slice(0, 2_000)}>
      {text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}
    </code>
  );
}
