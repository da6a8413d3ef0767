import {
  type Edge,
  MiniMap,
  type Node,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useEffect, useMemo } from "react";
import { Button } from "@/ui/button";
import { type Drawing, type Link, labelOf } from "./drawing";
import type { Finding } from "./findings";
import { findingsByPlace } from "./findings";
import "./graph.css";
import { GraphLink, type LinkData } from "./graph_link";
import { GraphNode, type NodeData } from "./graph_node";
import { NODE, placesOf } from "./layout";
import { type NotTaken, type Path, reasonOf } from "./path";

const NODE_TYPES = { step: GraphNode };
const EDGE_TYPES = { link: GraphLink };
/** Nodes of a graph that needs a map. */
const MANY = 30;
/** A smaller text cannot be read: a larger graph is shown in parts. */
const LEGIBLE = 0.62;

type Props = {
  label: string;
  drawing: Drawing;
  path?: Path | undefined;
  findings: readonly Finding[];
  selected: string | undefined;
  onSelect: (nodeId: string) => void;
};

/** A graph with its nodes in layers; the way of a session through it is marked. */
export function GraphView(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ label, drawing, path, findings, selected, onSelect }: Props) {
  const places = useMemo(() => placesOf(drawing), [drawing]);
  const focus = selected ?? path?.current ?? drawing.entry;
  const found = useMemo(() => {
    const drawn = new Set(drawing.links.map((link) => link.id));
    return findingsByPlace(findings, (id) => drawn.has(id));
  }, [drawing, findings]);
  const nodes = useNodes({ drawing, places, path, found, selected, onSelect, focus });
  const edges = useEdges({ drawing, places, path, found });
  const show = useShow(places.nodes);
  useEffect(() => show(focus), [show, focus]);
  return (
    <section className="graph" aria-label={label}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={async (flow) => {
          await flow.fitView({ padding: 0.08, maxZoom: 1 });
          if (flow.getZoom() < LEGIBLE) show(focus, LEGIBLE);
        }}
        minZoom={0.05}
        maxZoom={2}
        onNodeClick={(_event, node) => onSelect(node.id)}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        onlyRenderVisibleElements={drawing.nodes.length > MANY}
      >
        <Zoom />
        {drawing.nodes.length > MANY && <MiniMap ariaLabel="Map of the graph" pannable />}
      </ReactFlow>
    </section>
  );
}

function Zoom() {
  const flow = useReactFlow();
  return (
    <Panel position="top-right" className="graph-zoom">
      <Button compact aria-label="Zoom out" onClick={() => void flow.zoomOut()}>
        −
      </Button>
      <Button compact aria-label="Zoom in" onClick={() => void flow.zoomIn()}>
        +
      </Button>
      <Button compact onClick={() => void flow.fitView({ padding: 0.08, maxZoom: 1 })}>
        Fit
      </Button>
    </Panel>
  );
}

/** Return a function that moves a node into the view, if it is not there. */
function useShow(places: ReturnType<typeof placesOf>["nodes"]) {
  const { setCenter, getZoom, flowToScreenPosition, viewportInitialized } = useReactFlow();
  return useCallback(
    (id: string, zoom?: number) => {
      const place = places.get(id);
      if (!place || (!viewportInitialized && zoom === undefined)) return;
      const center = { x: place.x + NODE.width / 2, y: place.y + NODE.height / 2 };
      const frame = document.querySelector(".graph")?.getBoundingClientRect();
      const { x, y } = flowToScreenPosition(center);
      const isVisible =
        frame && x > frame.left + 40 && x < frame.right - 40 && y > frame.top && y < frame.bottom;
      if (zoom === undefined && isVisible) return;
      const scale = zoom ?? Math.max(getZoom(), LEGIBLE);
      // Above the middle: what follows the node is shown too.
      const shift = ((frame?.height ?? 0) / scale) * 0.2;
      void setCenter(center.x, center.y + shift, { zoom: scale });
    },
    [places, setCenter, getZoom, flowToScreenPosition, viewportInitialized],
  );
}

type Parts = Pick<Props, "drawing" | "path"> & {
  found: ReturnType<typeof findingsByPlace>;
  places: ReturnType<typeof placesOf>;
};

function useNodes(parts: Parts & Pick<Props, "selected" | "onSelect"> & { focus: string }) {
  const { drawing, places, path, found, selected, onSelect, focus } = parts;
  return useMemo((): Node<NodeData>[] => {
    const order = drawing.nodes.map((node) => node.id);
    const tabStop = order.includes(focus) ? focus : order[0];
    return drawing.nodes.map((node) => ({
      id: node.id,
      type: "step",
      position: places.nodes.get(node.id) ?? { x: 0, y: 0 },
      ...NODE,
      data: {
        node,
        visits: path?.visits.get(node.id) ?? [],
        isCurrent: path?.current === node.id,
        isInTurn: path?.inTurn.has(node.id) ?? false,
        isSelected: selected === node.id,
        isEntry: drawing.entry === node.id,
        hasTabStop: node.id === tabStop,
        findings: found.nodes.get(node.id) ?? [],
        onMove: (step: number) => {
          const next = order[order.indexOf(node.id) + step];
          if (next !== undefined) onSelect(next);
        },
      },
    }));
  }, [drawing, places, path, found, selected, onSelect, focus]);
}

function describeLink(link: Link, isTaken: boolean, notTaken: NotTaken | undefined): string {
  const state = notTaken ? `not taken: ${reasonOf(notTaken)}` : isTaken ? "taken" : "";
  const label = [labelOf(link), state].filter(Boolean).join(", ");
  return `Link from ${link.from} to ${link.to}${label && `: ${label}`}`;
}

function useEdges({ drawing, places, path, found }: Parts) {
  return useMemo((): Edge<LinkData>[] => {
    return drawing.links.map((link) => {
      const notTaken = path?.notTaken.get(link.id);
      const isTaken = path?.taken.has(link.id) ?? false;
      const isInTurn = path?.taken.get(link.id) === true;
      return {
        id: link.id,
        type: "link",
        source: link.from,
        target: link.to,
        ariaLabel: describeLink(link, isTaken, notTaken),
        zIndex: isInTurn ? 2 : isTaken || notTaken ? 1 : 0,
        data: {
          link,
          place: places.links.get(link.id),
          look: isInTurn ? "in-turn" : notTaken ? "not-taken" : isTaken ? "taken" : "plain",
          reason: notTaken && reasonOf(notTaken),
          findings: found.edges.get(link.id) ?? [],
        },
      };
    });
  }, [drawing, places, path, found]);
}
