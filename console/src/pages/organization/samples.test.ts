import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { at, loadSamples, type Samples } from "./samples";
import file from "./samples.json";

const samples: Samples = file;

/** A server that remembers keys, and refuses some of them. */
class Server {
  bodies = new Map<string, string>();
  sent: string[] = [];
  refused = new Map<string, number>();

  send = async (method: string, path: string, key: string, body: unknown) => {
    const status = this.refused.get(key);
    if (status) throw new ApiError(status, "refused");
    this.sent.push(`${method} ${path} ${JSON.stringify(body)}`);
    const isNew = method === "POST" && !this.bodies.has(key);
    if (method === "POST") {
      if (!isNew) expect(JSON.stringify(body)).toBe(this.bodies.get(key));
      this.bodies.set(key, JSON.stringify(body));
    }
    return { isNew, content: this.answer(path, key) };
  };

  answer(path: string, key: string): unknown {
    const data = Array.from({ length: 3 }, () => ({ type: "turn.completed" }));
    const status = path.includes("/runs/") ? "completed" : "idle";
    const id = key.replace(":", "-");
    const created = "2026-03-09T10:00:00.123456Z";
    const draft = { mock_world: {}, user_turns: ["Hello"], journey: "" };
    return { id, session_id: id, created_at: created, status, data, ...draft };
  }

  load = () =>
    loadSamples(
      samples,
      () => undefined,
      this.send,
      () => Promise.resolve(),
    );
}

const resultOf = (results: readonly string[], id: string) =>
  results[samples.steps.findIndex((step) => step.id === id)];

test("each request is sent once, with all values", async () => {
  const server = new Server();
  expect(await server.load()).not.toContain("skipped");
  expect(server.sent.join("\n")).not.toContain("{{");
  // Times lie before the first answer, in whole seconds.
  expect(server.sent.join("\n")).toContain('"timestamp":"2026-03-03T10:00:02Z"');
  expect(server.sent.join("\n")).toContain('"startTimeUnixNano":"1772618400000000000"');
});

test("a second load sends the same bodies and creates nothing", async () => {
  const server = new Server();
  await server.load();
  expect(new Set(await server.load())).toEqual(new Set(["unchanged"]));
});

test("what needs a deleted session is skipped, the rest is there", async () => {
  const server = new Server();
  server.refused.set("samples-1:parcel", 409);
  const results = await server.load();
  for (const id of ["parcel", "parcel-message-1", "late-order", "run", "outage-end"])
    expect(resultOf(results, id), id).toBe("skipped");
  expect(resultOf(results, "good-order")).toBe("created");
});

test("a load continues behind a failure", async () => {
  const server = new Server();
  server.refused.set("samples-1:product", 500);
  await expect(server.load()).rejects.toThrow("refused");
  server.refused.clear();
  const results = await server.load();
  expect(resultOf(results, "agent")).toBe("unchanged");
  expect(resultOf(results, "product")).toBe("created");
});

test("a wait ends when its time is over", async () => {
  const server = new Server();
  server.answer = (path, key) =>
    path.includes("/events") ? {} : { id: key, created_at: "2026-03-09T10:00:00Z" };
  await expect(server.load()).rejects.toThrow("did not end within 60 s");
});

test("a place in an answer may be missing", () => {
  expect(at({ data: [{ type: "turn.failed" }] }, "data.0.type")).toBe("turn.failed");
  expect(at({ data: [] }, "data.0.type")).toBeUndefined();
});
