import { Link } from "@tanstack/react-router";
import { cost, count, duration } from "@/ui/format";
import { Time } from "@/ui/time";
import { useNow } from "./clock";
import { ProgressBar, RunStatusBadge } from "./progress";
import { elapsed, isLive, type Run, rateText } from "./runs";
import { Target } from "./target";

type Props = { run: Run; isSelected: boolean; isLocked: boolean; onSelect: () => void };

/** A run in the list. */
export function RunRow({ run, isSelected, isLocked, onSelect }: Props) {
  const now = useNow(isLive(run));
  const time = elapsed(run, now);
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          className="check"
          aria-label={`Compare ${run.name}`}
          checked={isSelected}
          disabled={isLocked}
          onChange={onSelect}
        />
      </td>
      <th scope="row">
        <Link to="/runs/$runId" params={{ runId: run.id }} dir="auto" className="run-name">
          {run.name}
        </Link>
        <div className="muted small">
          {count(run.scenarios)} × {count(run.repeats)}
          <span className="visually-hidden"> scenarios by repeats</span>
        </div>
      </th>
      <td className="run-target">
        <Target target={run.target} />
      </td>
      <td>
        <RunStatusBadge status={run.status} />
      </td>
      <td className="run-progress">
        <ProgressBar run={run} />
        <span className="small muted numbers">
          {count(run.progress.finished)} / {count(run.progress.total)}
        </span>
      </td>
      <td className="number">{rateText(run.pass_at_1)}</td>
      <td className="number">
        {rateText(run.pass_hat_k)}
        {run.pass_hat_k !== null && <div className="muted small">k = {run.repeats}</div>}
      </td>
      <td className="run-time">{run.started_at ? <Time value={run.started_at} /> : "–"}</td>
      <td className="number">{time === null ? "–" : duration(time)}</td>
      <td className="number">{run.totals.cost_usd === null ? "–" : cost(run.totals.cost_usd)}</td>
    </tr>
  );
}
