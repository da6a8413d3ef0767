/**
 * The client of the API, generated from its description: a path, parameter or field that
 * openapi.json does not have is a type error.
 */
import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { noteAnswer } from "./answers";
import { ApiError, errorOf, REDIRECTED } from "./errors";
import { storedKey, storeKey } from "./key";
import { Listeners } from "./listeners";
import type { components, paths } from "./schema";

export type Schema = components["schemas"];

/** URL of the API, without a slash at its end: the console is served under it. */
export const API_URL = new URL("..", document.baseURI).href.replace(/\/$/, "");

const writes = new Listeners();

/** Call a listener after each request that may have changed what was read before. */
export const subscribeToWrites = writes.subscribe;

/**
 * Fetch with the key; throw an `ApiError` unless the answer is a success.
 *
 * A request for a file has `redirect: "manual"`: if a redirect to the stack's bucket fails, that
 * is known from an API that does not answer.
 */
export async function authorizedFetch(request: Request): Promise<Response> {
  const key = storedKey();
  if (key) request.headers.set("x-api-key", key);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    noteAnswer(false);
    throw new ApiError(0, "The API does not answer.");
  }
  noteAnswer(true);
  if (response.type === "opaqueredirect") response = await followRedirect(request);
  if (response.ok) {
    if (request.method !== "GET") writes.inform();
    return response;
  }
  const failure = await errorOf(response);
  // The key was revoked or has expired: the form asks for another one. Of several requests with
  // an old key, none forgets a new one.
  if (failure.status === 401 && storedKey() === key) storeKey(null, true);
  throw failure;
}

async function followRedirect(request: Request): Promise<Response> {
  try {
    return await fetch(new Request(request, { redirect: "follow" }));
  } catch (error) {
    if (request.signal.aborted) throw error;
    const reason = "The file is larger than 5.5 MB and in a bucket that the page may not read.";
    throw new ApiError(REDIRECTED, reason);
  }
}

const noContent: Middleware = {
  // A 204 without Content-Length would be parsed as JSON.
  onResponse: ({ response }) =>
    response.status === 204 ? new Response(null, { status: 204 }) : undefined,
};

/** One method a verb: `await api.GET("/v1/runs/{run_id}", …)`. Errors are thrown. */
export const api = createFetchClient<paths>({
  baseUrl: API_URL,
  fetch: authorizedFetch,
  // `statuses=A&statuses=B`, as the API reads lists.
  querySerializer: { array: { style: "form", explode: true } },
});
api.use(noContent);

/** Hooks of TanStack Query: `$api.useQuery("get", "/v1/runs/{run_id}", …)`. */
export const $api = createQueryClient(api);
