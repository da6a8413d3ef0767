/** Workflows that a session of the playground can be opened with. */
import { $api } from "@/api/client";

const CATALOG = "catalog ";
const REVISION = "revision ";

/** Return the catalog's and the organization's workflows, as options of a field. */
export function useSources() {
  const catalog = $api.useQuery("get", "/v1/workflow/playground/catalog");
  const own = $api.useQuery("get", "/v1/workflows", { params: { query: { limit: 100 } } });
  const options: (readonly [string, string])[] = [
    ...(catalog.data?.items ?? []).map(
      ({ slug, name }) => [`${CATALOG}${slug}`, `${name} (catalog)`] as const,
    ),
    ...(own.data?.items ?? []).flatMap(({ active_revision_id: id, name }) =>
      id ? [[`${REVISION}${id}`, name] as const] : [],
    ),
  ];
  return { options, sourceOf, error: catalog.error ?? own.error };
}

/** Return the source of a session, as requests have it. */
function sourceOf(option: string): { catalog_slug: string } | { revision_id: string } {
  return option.startsWith(REVISION)
    ? { revision_id: option.slice(REVISION.length) }
    : { catalog_slug: option.slice(CATALOG.length) };
}
