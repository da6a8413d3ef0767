import { Link, useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { Addressed, useAddressed } from "@/ui/addressed";
import { Button, buttonClasses } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import type { FilterSearch } from "./filters";

const SOURCES = [
  ["", "Any"],
  ["drafted", "Drafted"],
  ["manual", "Written by hand"],
] as const;

/** Filters of the list; the URL holds them. */
export function FilterBar({ search }: { search: FilterSearch }) {
  const navigate = useNavigate();
  const { source = "", tags: asked = "", after = "" } = search;
  const tags = useAddressed(asked);
  // Of the address as it is: another change may not be rendered yet.
  const set = (change: FilterSearch) =>
    void navigate({ to: "/scenarios", search: (now) => ({ ...now, ...change }) });
  function submit(event: FormEvent) {
    event.preventDefault();
    set({ tags: tags.submit() });
  }
  return (
    <search>
      <form className="row scenario-filters" onSubmit={submit}>
        <Addressed value={source} onChange={(chosen) => set({ source: chosen })}>
          {(given) => <SelectField label="Source" options={SOURCES} {...given} />}
        </Addressed>
        <TextField
          label="Tags, separated by commas"
          dir="auto"
          value={tags.value}
          onChange={(event) => tags.write(event.target.value)}
        />
        <Addressed value={after} onChange={(day) => set({ after: day })}>
          {(given) => <TextField label="Created after" type="date" {...given} />}
        </Addressed>
        <div className="row">
          <Button type="submit">Apply</Button>
          {(source || asked || after) && (
            <Link to="/scenarios" className={buttonClasses({ look: "quiet" })}>
              Clear
            </Link>
          )}
        </div>
      </form>
    </search>
  );
}
