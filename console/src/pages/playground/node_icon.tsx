const SHAPES: Record<string, string> = {
  // A speech bubble, a bolt, a check mark in a circle, a person.
  agent: "M4 4h16v11H10l-5 4v-4H4z",
  action: "M13 2 5 13h6l-1 9 9-12h-6z",
  approval: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12l3 3 5-6",
  handoff: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-5 4-7 8-7s8 2 8 7",
};

/** Icon of a node's type. The text beside it says the same. */
export function NodeIcon({ type }: { type: string }) {
  return (
    <svg className="graph-icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={SHAPES[type] ?? "M4 4h16v16H4z"} />
    </svg>
  );
}
