import { cost, count, duration } from "@/ui/format";
import { type Comparison, signed } from "./changes";
import { elapsed, type Run, rateText } from "./runs";

type Row = {
  name: string;
  before: number | null;
  now: number | null;
  text: (value: number) => string;
  /** Text of the difference, if it is another one. */
  change?: (size: number) => string;
  /** The direction that is better; null for neither. */
  better: "more" | "less" | null;
};

const points = (size: number) => `${(100 * size).toFixed(1).replace(/\.0$/, "")} points`;

function rowsOf(run: Run, baseline: Run, comparison: Comparison): Row[] {
  const tokens = ({ totals }: Run) => totals.input_tokens + totals.output_tokens;
  const rows: Row[] = [
    {
      name: "Pass rate of the scenarios in both",
      before: comparison.rate_before,
      now: comparison.rate_now,
      text: rateText,
      change: points,
      better: "more",
    },
    {
      name: "Pass rate of all scenarios",
      before: baseline.pass_at_1,
      now: run.pass_at_1,
      text: rateText,
      change: points,
      better: "more",
    },
  ];
  // With other repeats it is another measure.
  if (run.repeats === baseline.repeats) {
    rows.push({
      name: `pass^${run.repeats}`,
      before: baseline.pass_hat_k,
      now: run.pass_hat_k,
      text: rateText,
      change: points,
      better: "more",
    });
  }
  rows.push(
    of("Cost", baseline.totals.cost_usd, run.totals.cost_usd, cost),
    of("Tokens", tokens(baseline), tokens(run), count),
    of("Time of answers", baseline.totals.seconds, run.totals.seconds, (s) => duration(1_000 * s)),
    of("Duration", elapsed(baseline, Date.now()), elapsed(run, Date.now()), duration),
    of("Turns", baseline.totals.turns, run.totals.turns, count),
    of("Tool calls", baseline.totals.tool_calls, run.totals.tool_calls, count),
    of("Simulations", baseline.progress.total, run.progress.total, count),
  );
  return rows;
}

function of(
  name: string,
  before: number | null,
  now: number | null,
  text: (value: number) => string,
): Row {
  return { name, before, now, text, better: null };
}

type Props = { run: Run; baseline: Run; comparison: Comparison };

/** Scores and totals of both runs side by side. */
export function Differences({ run, baseline, comparison }: Props) {
  return (
    <div className="table-frame">
      <table className="table differences">
        <caption className="visually-hidden">Scores and totals of both runs</caption>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col" className="number">
              Earlier run
            </th>
            <th scope="col" className="number">
              This run
            </th>
            <th scope="col" className="number">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(run, baseline, comparison).map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td className="number">{row.before === null ? "–" : row.text(row.before)}</td>
              <td className="number">{row.now === null ? "–" : row.text(row.now)}</td>
              <td className="number">
                <Difference row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Difference({ row }: { row: Row }) {
  if (row.before === null || row.now === null) return "–";
  const difference = row.now - row.before;
  const text = signed(difference, row.change ?? row.text);
  if (row.better === null || difference === 0) return text;
  const isBetter = difference > 0 === (row.better === "more");
  return <strong className={isBetter ? "better" : "worse"}>{text}</strong>;
}
