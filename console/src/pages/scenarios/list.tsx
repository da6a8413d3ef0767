import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/caller";
import { $api, type Schema } from "@/api/client";
import { useHiddenIds } from "@/api/deletions";
import { CURSOR } from "@/api/pages";
import { buttonClasses } from "@/ui/button";
import { count } from "@/ui/format";
import { LoadMore } from "@/ui/load_more";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { ExportMenu } from "./export_menu";
import { type FilterSearch, type Filters, filtersOf } from "./filters";
import { FilterBar } from "./list_filters";
import { ScenariosTable } from "./list_table";
import "./scenarios.css";

export type Scenario = Schema["ScenarioResponse"];

export default function ScenariosPage() {
  const search: FilterSearch = useSearch({ strict: false });
  const filters = filtersOf(search);
  const scenarios = $api.useInfiniteQuery(
    "get",
    "/v1/scenarios",
    { params: { query: { limit: 50, ...filters } } },
    CURSOR,
  );
  const hidden = useHiddenIds();
  const items = (scenarios.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (scenario) => !hidden.has(scenario.id),
  );
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = items.filter((scenario) => selected.has(scenario.id));
  return (
    <Page
      title="Scenarios"
      lead="Tests from captured sessions: what the user wants, how it went, and the tools' answers."
      actions={<NewActions />}
    >
      <FilterBar search={search} />
      {scenarios.error && (
        <ErrorNotice error={scenarios.error} onRetry={() => scenarios.refetch()} />
      )}
      {scenarios.isPending && <Skeleton height="24rem" />}
      {scenarios.data && items.length === 0 && (
        <NoScenarios isFiltered={Object.keys(filters).length > 0} />
      )}
      {items.length > 0 && (
        <>
          <SelectionBar chosen={chosen} filters={filters} />
          <ScenariosTable items={items} selected={selected} onSelect={setSelected} />
        </>
      )}
      <LoadMore pages={scenarios} />
    </Page>
  );
}

function NewActions() {
  if (!useMay("write")) return null;
  return (
    <>
      <Link to="/scenarios/new" search={{ from: "blank" }} className={buttonClasses()}>
        Write by hand
      </Link>
      <Link to="/scenarios/new" search={{ from: "brief" }} className={buttonClasses()}>
        Draft from a brief
      </Link>
      <Link to="/scenarios/new" className={buttonClasses({ look: "primary" })}>
        Draft from a session
      </Link>
    </>
  );
}

function SelectionBar({ chosen, filters }: { chosen: readonly Scenario[]; filters: Filters }) {
  const mayWrite = useMay("write");
  const ids = chosen.map((scenario) => scenario.id);
  return (
    <div className="row" role="group" aria-label="Selected scenarios">
      <span className="small muted" aria-live="polite">
        {chosen.length === 0 ? "None selected" : `${count(chosen.length)} selected`}
      </span>
      {mayWrite && chosen.length > 0 && (
        <Link to="/runs/new" search={{ scenarios: ids.join(",") }} className={buttonClasses()}>
          Run…
        </Link>
      )}
      <ExportMenu
        filters={filters}
        ids={ids.length > 0 ? ids : null}
        label={ids.length > 0 ? "Export selected" : "Export all"}
      />
    </div>
  );
}

function NoScenarios({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="No scenario matches">
        <p>Change or clear the filters.</p>
        <Link to="/scenarios" className={buttonClasses()}>
          Clear the filters
        </Link>
      </Empty>
    );
  }
  return (
    <Empty title="No scenarios yet">
      <p>
        Draft one from a captured session: personal data is replaced, and the tools' answers become
        the world that an agent is tested in.
      </p>
      <div className="row">
        <NewActions />
      </div>
    </Empty>
  );
}
