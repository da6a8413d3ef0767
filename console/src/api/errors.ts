/** Errors of the API in one form, whichever of its surfaces answered. */

/** Id of the request, as the API's logs have it. */
const REQUEST_ID = "x-request-id";

/** Status of the error for a redirect to an address that the page may not read. */
export const REDIRECTED = 302;

/** Fault of one field of a request: its path (`target.url`) and what to do. */
export type FieldFault = { path: string; message: string };

export class ApiError extends Error {
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Code of the error for programs; empty if the surface has none. */
  readonly code: string;
  /** Empty if there was no answer. */
  readonly requestId: string;
  /** Faults of the request's fields; empty if the error is about none. */
  readonly faults: readonly FieldFault[];

  constructor(
    status: number,
    message: string,
    code = "",
    requestId = "",
    faults: readonly FieldFault[] = [],
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.faults = faults;
  }

  /** The next step for the person who reads the error. */
  get advice(): string {
    if (this.status === 0) return "Check that the stack is running, then retry.";
    if (this.status === REDIRECTED) return "Use the curl command, which follows the redirect.";
    if (this.status === 401) return "Enter a key that is not revoked and has not expired.";
    if (this.status === 403) return "Use a key with the scope that the message names.";
    if (this.status === 404) return "It may have been deleted. Go back to the list.";
    if (this.status === 409 || this.status === 412)
      return "Reload the page, then repeat the change.";
    if (this.status === 429) return "Wait a few seconds, then retry.";
    if (this.status >= 500) return "Retry. If it fails again, search the logs for the request id.";
    return "Correct the input, then retry.";
  }
}

type Body = { error?: unknown; message?: unknown; detail?: unknown };

/** Return the error that a response describes. */
export async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get(REQUEST_ID) ?? "";
  const text = await response.text();
  let body: Body;
  try {
    body = JSON.parse(text) as Body;
  } catch {
    body = {};
  }
  const code = typeof body.error === "string" && body.message !== undefined ? body.error : "";
  const message = messageOf(body, response.status);
  return new ApiError(response.status, message, code, requestId, faultsOf(body, response.status));
}

type Detail = { loc?: unknown[]; msg?: string };

/** Return the faults of fields: of a list of details, or of one message `field: rule`. */
function faultsOf({ detail, message }: Body, status: number): FieldFault[] {
  if (Array.isArray(detail))
    return detail.map((one: Detail) => ({ path: pathOf(one), message: one.msg ?? "" }));
  const named =
    [400, 422].includes(status) && typeof message === "string" && /^([\w.]+): (.+)$/s.exec(message);
  return named ? [{ path: named[1] ?? "", message: named[2] ?? "" }] : [];
}

function pathOf({ loc = [] }: Detail): string {
  return loc.filter((part) => part !== "body").join(".");
}

function messageOf(body: Body, status: number): string {
  if (typeof body.message === "string") return body.message;
  if (typeof body.error === "string") return body.error;
  if (typeof body.detail === "string") return body.detail;
  if (Array.isArray(body.detail)) return body.detail.map(invalidField).join(" ");
  return `The API answered with status ${status}.`;
}

function invalidField(detail: Detail): string {
  const path = pathOf(detail);
  return path ? `${path}: ${detail.msg ?? ""}` : (detail.msg ?? "");
}
