import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { $api, type Schema } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { count } from "@/ui/format";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Choice } from "./choice";
import type { FormPart } from "./start_form";

/** The scenarios of a run: chosen from the list, or all with some tags. */
export function ScenarioFields({ draft, set, fault }: FormPart) {
  return (
    <fieldset className="panel">
      <legend>Scenarios</legend>
      <div className="body stack">
        <Choice
          name="by"
          label="Choose scenarios"
          value={draft.by}
          options={[
            ["list", "From the list"],
            ["tags", "By tags"],
          ]}
          onChange={(by) => set({ by })}
        />
        {draft.by === "tags" ? (
          <TextField
            label="Tags"
            hint="Separated by commas. A scenario must have all of them."
            dir="auto"
            fault={fault("tags")}
            value={draft.tags}
            onChange={(event) => set({ tags: event.target.value })}
          />
        ) : (
          <ScenarioList
            chosen={draft.scenarioIds}
            onChange={(scenarioIds) => set({ scenarioIds })}
            fault={fault("scenario_ids")}
          />
        )}
      </div>
    </fieldset>
  );
}

type ListProps = {
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
  fault: string | undefined;
};

function ScenarioList({ chosen, onChange, fault }: ListProps) {
  const [words, setWords] = useState("");
  const scenarios = $api.useInfiniteQuery(
    "get",
    "/v1/scenarios",
    { params: { query: { limit: 200 } } },
    CURSOR,
  );
  const items = scenarios.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = items.filter((one) =>
    `${one.name} ${one.tags.join(" ")}`.toLowerCase().includes(words.toLowerCase()),
  );
  const ids = new Set(chosen);
  const outside = chosen.filter((id) => !items.some((one) => one.id === id)).length;
  if (scenarios.error)
    return <ErrorNotice error={scenarios.error} onRetry={() => scenarios.refetch()} />;
  if (scenarios.data && items.length === 0 && chosen.length === 0) {
    return (
      <p>
        There are no scenarios. <Link to="/scenarios">Make one from a session</Link>.
      </p>
    );
  }
  return (
    <>
      <TextField
        label="Search"
        type="search"
        dir="auto"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {scenarios.isPending ? (
        <Skeleton height="14rem" />
      ) : (
        <ul className="choices scenario-choices" aria-label="Scenarios">
          {shown.map((one) => (
            <li key={one.id}>
              <Option
                scenario={one}
                isChosen={ids.has(one.id)}
                onChange={(isChosen) =>
                  onChange(isChosen ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))
                }
              />
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <Button
          compact
          onClick={() => onChange([...new Set([...chosen, ...shown.map((one) => one.id)])])}
        >
          Select all {count(shown.length)} shown
        </Button>
        <Button compact disabled={chosen.length === 0} onClick={() => onChange([])}>
          Clear the selection
        </Button>
        {scenarios.hasNextPage && (
          <Button
            compact
            busy={scenarios.isFetchingNextPage}
            onClick={() => scenarios.fetchNextPage()}
          >
            Load more
          </Button>
        )}
        <span className="muted small" role="status">
          {count(chosen.length)} selected{outside > 0 && `, ${count(outside)} not in this list`}
        </span>
      </div>
      {fault && (
        <p className="form-fault small" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}

type OptionProps = {
  scenario: Schema["ScenarioResponse"];
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
};

function Option({ scenario, isChosen, onChange }: OptionProps) {
  return (
    <label className="choice">
      <input
        type="checkbox"
        className="check"
        checked={isChosen}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <bdi>{scenario.name}</bdi> <bdi className="muted small">{scenario.tags.join(", ")}</bdi>
      </span>
    </label>
  );
}
