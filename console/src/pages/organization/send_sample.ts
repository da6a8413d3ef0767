import { API_URL, authorizedFetch } from "@/api/client";
import type { Answer } from "./samples";

/**
 * Send a request of the sample data to the API. A POST has the idempotency key.
 *
 * A test checks that openapi.json describes each of them.
 */
export async function sendSample(
  method: string,
  path: string,
  key: string,
  body: unknown,
): Promise<Answer> {
  const headers = new Headers({ "content-type": "application/json" });
  if (method === "POST") headers.set("idempotency-key", key);
  const init =
    body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await authorizedFetch(new Request(API_URL + path, init));
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const isNew =
    [201, 202].includes(response.status) && !response.headers.has("idempotent-replayed");
  return { isNew, content: isJson ? (JSON.parse(text) as unknown) : null };
}
