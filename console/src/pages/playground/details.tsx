import { Tabs } from "@/ui/tabs";
import { FindingsList } from "./findings_list";
import { NodeDetails } from "./node_details";
import type { Path } from "./path";
import { PathList } from "./path_list";
import { StepsTable } from "./steps_table";
import { VariablesTable } from "./variables_table";
import type { View } from "./workspace";

/** Details of the selected turn and node, beside the graph. */
export function Details(view: View & { path: Path }) {
  const { session, graph, drawing, turns, turn, path, search, onSearch } = view;
  const selectNode = (node: string) => onSearch({ node, tab: "node" });
  const definition = graph.compiled_graph.nodes.find((node) => node.id === search.node);
  const tabs = [
    {
      id: "path",
      title: "Path",
      content: <PathList {...{ drawing, turns, turn }} onSelect={selectNode} />,
    },
    {
      id: "variables",
      title: "Variables",
      content: (
        <VariablesTable
          declared={graph.compiled_graph.context_variables}
          turns={turns}
          turn={turn}
          now={session.context_vars}
        />
      ),
    },
    {
      id: "node",
      title: "Node",
      content: <NodeDetails {...{ definition, turns, drawing }} onTurn={view.onSearch} />,
    },
    {
      id: "steps",
      title: "Steps",
      content: <StepsTable {...{ drawing, path }} onSelect={selectNode} />,
    },
    {
      id: "findings",
      title: `Findings (${graph.findings.length})`,
      content: <FindingsList findings={graph.findings} onSelect={selectNode} />,
    },
  ];
  return (
    <section className="details panel" aria-label="Details">
      <Tabs
        label="Details of the turn"
        tabs={tabs}
        selected={tabs.some((tab) => tab.id === search.tab) ? String(search.tab) : "path"}
        onSelect={(tab) => onSearch({ tab })}
      />
    </section>
  );
}
