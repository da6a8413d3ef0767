import { useMemo } from "react";
import type { Schema } from "@/api/client";
import { Tabs } from "@/ui/tabs";
import { Chat, useTalk } from "./chat";
import { type Session, useLiveText } from "./data";
import { Details } from "./details";
import type { Drawing } from "./drawing";
import { GraphView } from "./graph_view";
import { pathUpTo, type Turn } from "./path";
import { TurnChoice } from "./turn_choice";
import { useMedia } from "./use_media";

export type Search = Record<string, string | undefined>;

export type View = {
  session: Session;
  graph: Schema["SessionGraphResponse"];
  drawing: Drawing;
  turns: readonly Turn[];
  /** The turn whose end is shown. */
  turn: number;
  search: Search;
  onSearch: (change: Search) => void;
};

/** Chat and graph side by side; on a narrow screen one of the two. */
export function Workspace(view: View) {
  const { session, search, onSearch } = view;
  const isNarrow = useMedia("(max-width: 62rem)");
  const isOpen = session.current_step_id !== null;
  const live = useLiveText(session.session_id, isOpen);
  const talk = useTalk(session.session_id);
  const chat = <Chat view={view} live={live} talk={talk} />;
  if (!isNarrow)
    return (
      <div className="workspace">
        {chat}
        <GraphSide {...view} />
      </div>
    );
  return (
    <div className="workspace narrow">
      <Tabs
        label="Views of the session"
        tabs={[
          { id: "chat", title: "Chat", content: chat },
          { id: "graph", title: "Graph", content: <GraphSide {...view} /> },
        ]}
        selected={search.view === "graph" ? "graph" : "chat"}
        onSelect={(view) => onSearch({ view })}
      />
    </div>
  );
}

function GraphSide(view: View) {
  const { drawing, turns, turn, graph, search, onSearch } = view;
  const path = useMemo(() => pathUpTo(turns, turn, drawing), [turns, turn, drawing]);
  const latest = turns.at(-1)?.turn ?? 0;
  return (
    <div className="graph-side">
      <TurnChoice
        turn={turn}
        latest={latest}
        onChoose={(chosen) => onSearch({ turn: chosen === latest ? undefined : String(chosen) })}
      />
      <GraphView
        label="Graph of the workflow"
        drawing={drawing}
        path={{ ...path, current: turn === latest ? view.session.current_step_id : path.current }}
        findings={graph.findings}
        selected={search.node}
        onSelect={(node) => onSearch({ node, tab: "node" })}
      />
      <Details {...view} path={path} />
    </div>
  );
}
