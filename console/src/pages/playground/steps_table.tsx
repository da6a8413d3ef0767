import { type Drawing, labelOf, typeText } from "./drawing";
import type { Path } from "./path";

/** The graph as a table: each node with its visits and the nodes that follow it. */
export function StepsTable({
  drawing,
  path,
  onSelect,
}: {
  drawing: Drawing;
  path?: Path;
  onSelect: (nodeId: string) => void;
}) {
  const names = new Map(drawing.nodes.map((node) => [node.id, node.name]));
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="visually-hidden">Nodes of the graph and the links between them</caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Type</th>
            {path && <th scope="col">Visits</th>}
            <th scope="col">Leads to</th>
          </tr>
        </thead>
        <tbody>
          {drawing.nodes.map((node) => (
            <tr key={node.id}>
              <th scope="row">
                <button type="button" className="link" onClick={() => onSelect(node.id)}>
                  <bdi>{node.name}</bdi>
                </button>
              </th>
              <td>{typeText(node.type)}</td>
              {path && (
                <td>
                  {path.visits.get(node.id)?.join(", ") ?? "–"}
                  {path.current === node.id && " (now)"}
                </td>
              )}
              <td>
                <ul>
                  {drawing.links
                    .filter((link) => link.from === node.id)
                    .map((link) => (
                      <li key={link.id}>
                        <bdi>{names.get(link.to)}</bdi>
                        <bdi className="muted small"> {labelOf(link)}</bdi>
                        {path?.taken.has(link.id) && <strong className="small"> taken</strong>}
                        {path?.notTaken.has(link.id) && (
                          <strong className="small"> not taken</strong>
                        )}
                      </li>
                    ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
