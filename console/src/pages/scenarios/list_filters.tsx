import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
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
  const [tags, setTags] = useState(asked);
  useEffect(() => setTags(asked), [asked]);
  const set = (change: FilterSearch) =>
    navigate({ to: "/scenarios", search: { source, tags: asked, after, ...change } });
  function submit(event: FormEvent) {
    event.preventDefault();
    void set({ tags });
  }
  return (
    <search>
      <form className="row scenario-filters" onSubmit={submit}>
        <SelectField
          label="Source"
          options={SOURCES}
          value={source}
          onChange={(event) => set({ source: event.target.value })}
        />
        <TextField
          label="Tags, separated by commas"
          dir="auto"
          value={tags}
          onChange={(event) => setTags(event.target.value)}
        />
        <TextField
          label="Created after"
          type="date"
          value={after}
          onChange={(event) => set({ after: event.target.value })}
        />
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
