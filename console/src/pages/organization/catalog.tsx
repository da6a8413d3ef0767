import { Link } from "@tanstack/react-router";
import { $api, type Schema } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { Badge } from "@/ui/badge";
import { LoadMore } from "@/ui/load_more";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Time } from "@/ui/time";

/** Rows that are read at once. */
const PAGE = 20;

/** The agents and the products with their versions, in short. */
export function Catalog() {
  return (
    <div className="stack">
      <section className="stack">
        <h2>Agents</h2>
        <Agents />
      </section>
      <section className="stack">
        <h2>Products and versions</h2>
        <Products />
      </section>
    </div>
  );
}

function Agents() {
  const params = { params: { query: { limit: PAGE } } };
  const agents = $api.useInfiniteQuery("get", "/v1/agents", params, CURSOR);
  const items = agents.data?.pages.flatMap((page) => page.data) ?? [];
  if (agents.isPending) return <Skeleton height="16rem" />;
  if (agents.error) return <ErrorNotice error={agents.error} onRetry={() => agents.refetch()} />;
  if (items.length === 0)
    return (
      <Empty title="No agents">
        <p>POST /v1/agents creates one; an import creates those that it names.</p>
      </Empty>
    );
  return (
    <>
      <div className="table-frame" tabIndex={0} role="region" aria-label="Agents">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Description</th>
              <th scope="col">Tools</th>
              <th scope="col">Created</th>
              <th scope="col">Sessions</th>
            </tr>
          </thead>
          <tbody>
            {items.map((agent) => (
              <AgentRow key={agent.id} agent={agent} />
            ))}
          </tbody>
        </table>
      </div>
      <LoadMore pages={agents} text="Load more agents" />
    </>
  );
}

function AgentRow({ agent }: { agent: Schema["Agent"] }) {
  const tools = [
    ...(agent.capabilities ?? []).map((one) => one.ref),
    ...(agent.tools ?? []).map((one) => one.name),
  ];
  return (
    <tr>
      <th scope="row">
        <bdi>{agent.name}</bdi> {agent.status === "archived" && <Badge tone="warn">archived</Badge>}
      </th>
      <td dir="auto">{agent.description}</td>
      <td dir="auto">{tools.join(", ")}</td>
      <td>
        <Time value={agent.created_at} />
      </td>
      <td>
        <Link to="/sessions" search={{ agent: agent.id }} aria-label={`Sessions of ${agent.name}`}>
          Sessions
        </Link>
      </td>
    </tr>
  );
}

function Products() {
  const query = { sort: ["createdAt", "desc"], limit: PAGE };
  const products = $api.useQuery("get", "/products", { params: { query } });
  const ids = products.data?.map((one) => one.id) ?? [];
  const versions = $api.useQuery(
    "get",
    "/versions",
    { params: { query: { productIds: ids, limit: 200 } } },
    { enabled: ids.length > 0 },
  );
  if (products.isPending) return <Skeleton height="12rem" />;
  const error = products.error ?? versions.error;
  if (error) return <ErrorNotice error={error} onRetry={() => products.refetch()} />;
  if (ids.length === 0)
    return (
      <Empty title="No products">
        <p>POST /products creates one, with versions whose sessions are evaluated.</p>
      </Empty>
    );
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Products">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">Description</th>
            <th scope="col">Versions</th>
            <th scope="col">Created</th>
          </tr>
        </thead>
        <tbody>
          {products.data?.map((product) => (
            <tr key={product.id}>
              <th scope="row">
                <bdi>{product.name}</bdi>
              </th>
              <td dir="auto">{product.description}</td>
              <td dir="auto">{namesOf(versions.data, product.id)}</td>
              <td>
                <Time value={product.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function namesOf(versions: readonly Schema["Version"][] | undefined, product: string): string {
  if (!versions) return "…";
  const names = versions
    .filter((one) => one.productId === product)
    .map((one) => one.name ?? one.id);
  return names.join(", ") || "–";
}
