import { expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

const move = async (app: TestApp, body: unknown) => {
  const response = await fetch(`${app.url}/queue`, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

it("films are moved, and pages are told", async () => {
  await using app = await startTestApp();
  for (const [n, id] of ["a", "b", "c"].entries())
    app.streams.put({ id, state: "queued", wantedAtMs: n });
  app.streams.put({ id: "done", state: "complete" });
  const events = await fetch(`${app.url}/events`);
  expect(await move(app, { ids: ["c"] })).toEqual({
    status: 200,
    body: { ids: ["c", "a", "b"], by_hand: 1 },
  });
  let text = "";
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes('event: queue\ndata: {"ids":["c"]}')) text += (await reader?.read())?.value;
  await reader?.cancel();
  const answer = await (await fetch(`${app.url}/queue`)).text();
  expect(JSON.parse(answer)).toEqual({ ids: ["c", "a", "b"], by_hand: 1 });
});

it("one that was moved and failed does not count among those that wait", async () => {
  await using app = await startTestApp();
  for (const id of ["a", "b"]) app.streams.put({ id, state: "queued" });
  await move(app, { ids: ["b"] });
  app.streams.put({ id: "b", state: "failed" });
  const answer = await (await fetch(`${app.url}/queue`)).text();
  expect(JSON.parse(answer)).toEqual({ ids: ["a"], by_hand: 0 });
});

it.each([{}, { ids: [] }, { ids: "a" }, { ids: ["a"], after: "b" }, { ids: ["x".repeat(200)] }])(
  "%j moves nothing",
  async (body) => {
    await using app = await startTestApp();
    expect((await move(app, body)).status).toBe(400);
  },
);
