import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef } from "react";
import { Button } from "@/ui/button";
import { isFilteringList, KINDS, type ListFilter, STATUS_CHOICES } from "./list_filter";

/** Conditions of the list; each change is in the page's address. */
export function ListFilterForm({ filter }: { filter: ListFilter }) {
  const navigate = useNavigate();
  const words = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (words.current) words.current.value = filter.search;
  }, [filter.search]);
  function set(change: Partial<ListFilter>) {
    void navigate({ to: "/sessions", search: { ...filter, ...change }, replace: true });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    set({ search: words.current?.value ?? "" });
  }
  return (
    <form className="row list-filter" role="search" onSubmit={submit}>
      <input
        ref={words}
        type="search"
        className="input words"
        aria-label="Search in titles, previews, agents, tags and ids"
        placeholder="Title, preview, agent, tag or id"
        maxLength={500}
        defaultValue={filter.search}
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
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {choices.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}

type DayProps = { label: string; value: string; onChange: (day: string) => void };

function Day({ label, value, onChange }: DayProps) {
  return (
    <label className="row day small">
      {label}
      <input
        type="date"
        className="input"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
