import { expect, test } from "vitest";
import { errorOf } from "./errors";

const answer = (body: unknown, status = 422) =>
  errorOf(new Response(JSON.stringify(body), { status, headers: { "x-request-id": "r1" } }));

test("invalid fields are faults with their paths", async () => {
  const detail = [{ loc: ["body", "target", "url"], msg: "must be an address", type: "x" }];
  const error = await answer({ detail });
  expect(error.faults).toEqual([{ path: "target.url", message: "must be an address" }]);
  expect(error.message).toBe("target.url: must be an address");
  expect(error.requestId).toBe("r1");
});

test("a message that names its field is a fault of the field", async () => {
  const body = { error: "scenario_not_found", message: "tags: no scenario has all of them." };
  const error = await answer(body);
  expect(error.faults).toEqual([{ path: "tags", message: "no scenario has all of them." }]);
  expect(error.code).toBe("scenario_not_found");
});

test("a message about no field is no fault", async () => {
  expect((await answer({ error: "x", message: "Retry." })).faults).toEqual([]);
  expect((await answer({ error: "x", message: "runs: too many." }, 409)).faults).toEqual([]);
});
