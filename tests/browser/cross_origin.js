// Called in a page with the API's URL and a key; returns what the page can read of each answer.
async ([url, key]) => {
  const seen = {};

  async function ask(name, path, { method = "GET", body, headers = {}, withKey = key } = {}) {
    try {
      const answer = await fetch(url + path, {
        method,
        headers: {
          "x-api-key": withKey,
          "x-request-id": `page-${name}`,
          ...(body ? { "content-type": "application/json" } : {}),
          ...headers,
        },
        body: body && JSON.stringify(body),
      });
      const text = await answer.text();
      seen[name] = { status: answer.status, headers: Object.fromEntries(answer.headers), text };
    } catch (error) {
      seen[name] = { refused: String(error) };
    }
    return seen[name];
  }

  const agent = { name: "Page", system_prompt: "You help.", temperature: 0.5 };
  const once = { method: "POST", body: agent, headers: { "idempotency-key": "page" } };
  await ask("list", "/v1/agents");
  const created = await ask("create", "/v1/agents", once);
  await ask("create_again", "/v1/agents", once);
  const id = created.text ? JSON.parse(created.text).id : "agent_00000000000000000000000000000000";
  const tag = created.headers?.etag ?? '"1"';
  const rename = { method: "PATCH", body: { name: "Renamed" }, headers: { "if-match": tag } };
  await ask("update", `/v1/agents/${id}`, rename);
  await ask("update_stale", `/v1/agents/${id}`, rename);
  await ask("wrong_key", "/v1/agents", { withKey: "gsk_" + "a".repeat(40) });
  await ask("no_route", "/v1/nothing");
  await ask("no_agent", "/v1/agents/agent_00000000000000000000000000000000");
  await ask("no_method", "/v1/agents", { method: "PUT", body: {} });
  await ask("too_large", "/v1/agents", { method: "POST", body: { name: "x".repeat(1 << 20) } });
  const session = await ask("session", "/v1/sessions", { method: "POST", body: { agent_id: id } });
  const stream = session.text ? JSON.parse(session.text).id : "session_" + "0".repeat(32);
  const says = { message: { content: [{ type: "text", text: "Hello" }] } };
  await ask("message", `/v1/sessions/${stream}/messages`, { method: "POST", body: says });
  await ask("stream", `/v1/sessions/${stream}/sse`, { headers: { accept: "text/event-stream" } });
  return seen;
}
