import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { streamStatusSchema } from "@upreel/core";
import express from "express";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { readField } from "../../testing/read-field.ts";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";
import { listen } from "../server/server.ts";

const documentSchema = z.object({
  openapi: z.string(),
  components: z.object({
    schemas: z.object({
      StreamStatus: z.object({
        properties: z.object({ state: z.object({ enum: z.array(z.string()) }) }),
      }),
    }),
  }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app[Symbol.asyncDispose]());

/** Reads server-sent events until `count` have come. */
async function readEvents(
  response: Response,
  count: number,
): Promise<{ event: string; payload: { id?: string; message?: string; frames_done?: number } }[]> {
  const decoder = new TextDecoder();
  let text = "";
  const events = (): string[] =>
    text
      .split("\n\n")
      .slice(0, -1)
      .filter((block) => !block.startsWith(":"));
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (events().length >= count) break;
  }
  return events().map((block) => {
    const [, event = "", json = ""] = /^event: (.*)\ndata: (.*)$/s.exec(block) ?? [];
    return { event, payload: JSON.parse(json) };
  });
}

describe("GET /events", () => {
  it("begins with the current state and goes on with changes of that stream only", async () => {
    app.streams.put({ id: "one", framesDone: 1 });
    app.streams.put({ id: "two" });
    const response = await fetch(`${app.url}/events?id=one`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    app.streams.put({ id: "two", framesDone: 5 });
    app.streams.put({ id: "one", framesDone: 2 });
    await app.streams.remove("one");
    const events = await readEvents(response, 3);
    expect(streamStatusSchema.parse(events[0]?.payload).frames_done).toBe(1);
    expect(events.map(({ event, payload }) => [event, payload.id, payload.frames_done])).toEqual([
      ["status", "one", 1],
      ["status", "one", 2],
      ["removed", "one", undefined],
    ]);
  });

  it("without an id follows all streams", async () => {
    app.streams.put({ id: "one" });
    app.streams.put({ id: "two" });
    const events = await readEvents(await fetch(`${app.url}/events`), 4);
    expect(events.map(({ payload }) => payload.id).slice(0, 2)).toEqual(["one", "two"]);
    expect(events[2]).toEqual({ event: "queue", payload: { ids: [] } });
    expect(events[3]).toEqual({ event: "current", payload: { ids: ["one", "two"] } });
  });

  it("lets go of a client that left", async () => {
    app.streams.put({ id: "one" });
    const gone = new AbortController();
    await fetch(`${app.url}/events`, { signal: gone.signal });
    expect(app.streams.listenerCount()).toBe(1);
    gone.abort();
    await vi.waitFor(() => expect(app.streams.listenerCount()).toBe(0), { timeout: 60_000 });
  });

  it("ends when the server closes", async () => {
    const response = await fetch(`${app.url}/events`);
    app.close();
    await response.text();
    expect(app.streams.listenerCount()).toBe(0);
  });
});

describe("operations", () => {
  it("are described by OpenAPI, and every path it lists exists", async () => {
    app.streams.put({ id: "one", state: "idle" });
    const answer = await fetch(`${app.url}/openapi.json`);
    const document = documentSchema.parse(await answer.json());
    expect(document.openapi).toBe("3.1.0");
    expect(document.components.schemas.StreamStatus.properties.state.enum).toContain("running");
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods)) {
        const url = app.url + path.replace("{id}", "one").replace("{name}", "000000.ts");
        const response = await fetch(url, { method: method.toUpperCase() });
        const type = response.headers.get("content-type") ?? "";
        const message =
          type.includes("json") && !path.includes("openapi")
            ? await readField(response, "message")
            : "";
        expect([method, path, message]).toEqual([
          method,
          path,
          expect.not.stringContaining("nothing is at"),
        ]);
        if (type.includes("event-stream")) await response.body?.cancel();
        app.streams.put({ id: "one", state: "idle" });
      }
  });

  it("tell health and what the doctor found", async () => {
    const json = async (path: string): Promise<unknown> => (await fetch(app.url + path)).json();
    expect(await json("/health")).toMatchObject({ status: "ok", streams: 0 });
    expect(await json("/doctor")).toMatchObject({ findings: [{ verdict: "good" }] });
  });

  it("give metrics that Prometheus can parse", async () => {
    app.streams.put({ id: 'o"ne', state: "running", speed: 1.5, ratio: 0.25 });
    const seen = { durationSeconds: 100, ratio: 0.5, viewers: 2, viewersWaiting: 1 };
    app.streams.put({ id: "seen", state: "queued", ...seen });
    app.streams.put({ id: "rests", state: "paused", priority: "background" });
    await fetch(`${app.url}/nowhere`);
    const response = await fetch(`${app.url}/metrics`);
    expect(response.headers.get("content-type")).toContain("version=0.0.4");
    const text = await response.text();
    expect(text).toContain('upreel_streams{state="running"} 1');
    expect(text).toContain('upreel_stream_speed_ratio{id="o\\"ne"} 1.5');
    expect(text).toContain('upreel_http_answers_total{code="404"} 1');
    expect(text).toContain('upreel_backlog_seconds{class="watched"} 50');
    expect(text).toContain('upreel_backlog_seconds{class="viewer"} 15');
    expect(text).toContain('upreel_backlog_seconds{class="background"} 0');
    expect(text).toContain('upreel_viewers{state="waiting"} 1');
    expect(text).toContain('upreel_farm_workers{state="away"} 0');
    expect(text).toContain('upreel_frames_in_vain_total{why="hedge"} 48');
    expect(text).toContain("upreel_farm_late_segments_total 0");
    expect(text).toContain('upreel_jobs{kind="export",state="waiting"} 0');
    expect(text).toMatch(/^upreel_event_loop_lag_seconds{quantile="0.99"} [\d.e-]+$/m);
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(
        /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="([^"\\]|\\.)*"(,\w+="([^"\\]|\\.)*")*\})? [\d.e+-]+)$/,
      );
  });

  it("stream recent and new log lines", async () => {
    app.logFeed.push({ time: "t0", level: "info", message: "before" });
    const response = await fetch(`${app.url}/logs/stream`);
    app.logFeed.push({ time: "t1", level: "warn", message: "after" });
    expect((await readEvents(response, 2)).map(({ payload }) => payload.message)).toEqual([
      "before",
      "after",
    ]);
  });

  it("learn from nginx which segment was served", async () => {
    app.streams.put({ id: "one" });
    const tell = (uri: string): Promise<Response> =>
      fetch(`${app.url}/internal/served`, {
        headers: {
          ...{ "X-Original-URI": uri, "X-Forwarded-For": "192.0.2.7", "User-Agent": "VLC" },
        },
      });
    expect((await tell("/hls/one/segments/000007.ts")).status).toBe(204);
    expect((await tell("/hls/one/segments/000008.ts?playSessionId=s1")).status).toBe(204);
    expect((await tell("/hls/none/segments/000007.ts")).status).toBe(204);
    expect((await tell("/nonsense")).status).toBe(204);
    expect((await tell("/hls/one/archive.ts")).status).toBe(204);
    expect(app.streams.asked).toEqual([
      { id: "one", segment: 7, client: "192.0.2.7 VLC" },
      { id: "one", segment: 8, client: "s1" },
    ]);
    expect(app.streams.wanted).toEqual(["one", "one", "one"]);
  });
});

describe("a player", () => {
  it("tells where it is, and that it stops, without the token", async () => {
    await using locked = await startTestApp({ API_TOKEN: "12345678" });
    locked.streams.put({ id: "one" });
    const tell = (body: unknown, id = "one"): Promise<Response> =>
      fetch(`${locked.url}/playhead/${id}`, { method: "POST", body: JSON.stringify(body) });
    const viewer = "page 1";
    expect((await tell({ viewer, seconds: 61.5 })).status).toBe(204);
    expect((await tell({ viewer, seconds: 62, paused: true })).status).toBe(204);
    expect((await tell({ viewer, seconds: 62, plays: "original" })).status).toBe(204);
    expect((await tell({ viewer, left: true })).status).toBe(204);
    expect(locked.streams.calls).toEqual([
      "page 1 at 61.5 of one",
      "page 1 at 62 of one, paused",
      "page 1 at 62 of one beside the original",
      "page 1 left one",
    ]);
    for (const body of [{ viewer }, { viewer, seconds: -1 }, { seconds: 1 }, "x"])
      expect((await tell(body)).status).toBe(400);
    expect((await tell({ viewer, seconds: 1 }, "none")).status).toBe(404);
  });
});

describe("listening", () => {
  it("on a port that is taken says which one to try", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await vi.waitFor(() => expect(other.listening).toBe(true), { timeout: 60_000 });
    const { port } = other.address() as AddressInfo;
    await expect(listen(express(), { host: "127.0.0.1", port })).rejects.toThrow(
      `PORT=${port + 1}`,
    );
    other.close();
  });

  it("on an address of another machine says what to set", async () => {
    await expect(listen(express(), { host: "192.0.2.1", port: 0 })).rejects.toThrow(
      "HOST=127.0.0.1",
    );
  });
});
