import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId } from "react";
import { Addressed, useAddressed } from "@/ui/addressed";
import { Button } from "@/ui/button";
import {
  isFilteringList,
  KINDS,
  type ListFilter,
  listFilterOf,
  STATUS_CHOICES,
} from "./list_filter";

/** Conditions of the list; each change is in the page's address. */
export function ListFilterForm({ filter }: { filter: ListFilter }) {
  const navigate = useNavigate();
  const words = useAddressed(filter.search);
  function set(change: Partial<ListFilter>) {
    void navigate({
      to: "/sessions",
      // Of the address as it is: another change may not be rendered yet.
      search: (now) => ({ ...listFilterOf(now), ...change }),
      replace: true,
    });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    set({ search: words.submit() });
  }
  return (
    <form className="row list-filter" role="search" onSubmit={submit}>
      <input
        type="search"
        className="input words"
        aria-label="Search in titles, previews, agents, tags and ids"
        placeholder="Title, preview, agent, tag or id"
        maxLength={500}
        value={words.value}
        onChange={(event) => words.write(event.target.value)}
        dir="auto"
      />
      <Button type="submit">Search</Button>
      <Choice
        label="Kind"
        value={filter.kind}
        choices={KINDS}
        onChange={(kind) => set({ kind: kind as ListFilter["kind"] })}
      />
      <Choice
        label="Status"
        value={filter.status}
        choices={STATUS_CHOICES}
        onChange={(status) => set({ status: status as ListFilter["status"] })}
      />
      <Day label="From" value={filter.from} onChange={(from) => set({ from })} />
      <Day label="To" value={filter.to} onChange={(to) => set({ to })} />
      {isFilteringList(filter) && (
        <Button look="quiet" onClick={() => void navigate({ to: "/sessions", replace: true })}>
          Show all
        </Button>
      )}
    </form>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  choices: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
};

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <Addressed value={value} onChange={onChange}>
      {(given) => (
        <select className="input" aria-label={label} {...given}>
          {choices.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Addressed>
  );
}

type DayProps = { label: string; value: string; onChange: (day: string) => void };

function Day({ label, value, onChange }: DayProps) {
  const id = useId();
  return (
    <label className="row day small" htmlFor={id}>
      {label}
      <Addressed value={value} onChange={onChange}>
        {(given) => <input id={id} type="date" className="input" {...given} />}
      </Addressed>
    </label>
  );
}
