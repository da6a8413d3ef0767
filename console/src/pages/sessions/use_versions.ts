import { $api } from "@/api/client";
import type { Session } from "./requests";

/** Versions and products whose names are looked up: the newest ones. */
const query = { limit: 200, sort: ["createdAt", "desc"] };

/** Return the names of the product and version of an evaluation session; else its version's id. */
export function useVersionName(evaluated: Session["evaluated"]): string {
  const enabled = evaluated !== null;
  const options = { enabled, staleTime: 60_000 };
  const versions = $api.useQuery("get", "/versions", { params: { query } }, options);
  const products = $api.useQuery("get", "/products", { params: { query } }, options);
  const version = versions.data?.find((one) => one.id === evaluated?.version_id)?.name;
  const product = products.data?.find((one) => one.id === evaluated?.product_id)?.name;
  if (evaluated === null) return "";
  if (versions.isPending || products.isPending) return "…";
  return [product, version].filter(Boolean).join(", ") || evaluated.version_id;
}
