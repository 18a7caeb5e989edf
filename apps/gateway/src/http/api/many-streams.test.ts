import { turnsDuring } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

const STREAMS = 3_000;
/** More than one turn may take: each costs some hundredths of a millisecond. */
const MOST_A_TURN = 100;

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
  for (let n = 0; n < STREAMS; n++)
    app.streams.put({ id: `s${n}`, title: "A film with a long title ".repeat(10) });
});
afterEach(() => app[Symbol.asyncDispose]());

/** How many streams were looked at between two turns of the event loop, at most, while `ask` went on. */
async function mostInOneTurn(ask: () => Promise<void>): Promise<number> {
  const get = app.streams.get.bind(app.streams);
  app.streams.list = () => {
    throw new Error("all of them at once");
  };
  const { most } = await turnsDuring((note) => {
    app.streams.get = (id) => {
      note();
      return get(id);
    };
    return ask();
  });
  return most;
}

it("thousands of streams are told a few at a time: others have their turn between them", async () => {
  const most = await mostInOneTurn(async () => {
    const answer = await fetch(`${app.url}/streams`);
    expect(answer.headers.get("content-type")).toContain("application/json");
    const { streams } = (await answer.json()) as { streams: { id: string }[] };
    expect(streams.map(({ id }) => id)).toEqual(app.streams.ids());
  });
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(MOST_A_TURN);
});

it.each(["/metrics", "/films", "/doctor"])(
  "%s counts thousands of streams a few at a time, too",
  async (path) => {
    const most = await mostInOneTurn(async () => {
      const answer = await fetch(app.url + path);
      expect(answer.status).toBe(200);
      await answer.text();
    });
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MOST_A_TURN);
  },
);

it("all of them are told to who follows the events, as fast as that one reads", async () => {
  const most = await mostInOneTurn(async () => {
    const gone = new AbortController();
    const answer = await fetch(`${app.url}/events`, { signal: gone.signal });
    let text = "";
    for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(
      new TextDecoderStream(),
    )) {
      text += chunk;
      if (text.includes("event: current")) break;
    }
    gone.abort();
    // More than what an unread answer may hold.
    expect(text.length).toBeGreaterThan(1_500_000);
    expect(text.match(/^event: status$/gm)).toHaveLength(STREAMS);
  });
  expect(most).toBeLessThanOrEqual(MOST_A_TURN);
});

it("is up, whatever there is: nothing is looked at for that", async () => {
  const most = await mostInOneTurn(async () => {
    const answer = await fetch(`${app.url}/health`);
    expect(await answer.json()).toMatchObject({ status: "ok", streams: STREAMS });
  });
  expect(most).toBe(0);
});
