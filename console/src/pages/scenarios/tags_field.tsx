import { type KeyboardEvent, useState } from "react";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Marked } from "./marked";

type Props = {
  tags: readonly string[];
  fault?: string | undefined;
  onChange: (tags: string[]) => void;
};

/** Tags, which lists filter by: each can be removed, further ones are added. */
export function TagsField({ tags, fault, onChange }: Props) {
  const [text, setText] = useState("");
  function add() {
    const tag = text.trim();
    if (tag !== "" && !tags.includes(tag)) onChange([...tags, tag]);
    setText("");
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  }
  return (
    <div className="stack tags-field">
      <div className="row">
        <TextField
          label="Tags"
          dir="auto"
          maxLength={500}
          value={text}
          fault={fault}
          placeholder="Further tag"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button onClick={add} disabled={text.trim() === ""}>
          Add tag
        </Button>
      </div>
      {tags.length > 0 && (
        <ul className="row chips" aria-label="Tags of the scenario">
          {tags.map((tag) => (
            <li key={tag} className="chip">
              <span dir="auto">
                <Marked text={tag} needles={[]} />
              </span>
              <button
                type="button"
                className="chip-remove"
                aria-label={`Remove tag ${tag}`}
                onClick={() => onChange(tags.filter((one) => one !== tag))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
