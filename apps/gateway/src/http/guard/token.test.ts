import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

const TOKEN = "correct horse";

it("with a token set, calls need it", async () => {
  await using app = await startTestApp({ API_TOKEN: TOKEN });
  app.streams.put({ id: "one", state: "complete" });
  const status = async (
    path: string,
    headers: Record<string, string> = {},
    method = "GET",
  ): Promise<number> => {
    const response = await fetch(app.url + path, { method, headers });
    await response.body?.cancel();
    return response.status;
  };
  const closed = [
    "/streams",
    "/events",
    "/events?id=",
    "/logs/stream",
    "/metrics",
    "/models",
    "/doctor",
    "/openapi.json",
  ];
  for (const path of closed) {
    expect([path, await status(path)]).toEqual([path, 401]);
    expect([path, await status(path, { Authorization: "Bearer wrong" })]).toEqual([path, 401]);
    expect([path, await status(path, { Authorization: TOKEN })]).toEqual([path, 401]);
  }
  expect(await status("/upscale-trigger", {}, "POST")).toBe(401);
  expect(await status("/models/import", {}, "POST")).toBe(401);
  expect(await status("/models/mine", {}, "DELETE")).toBe(401);
  expect(await status("/streams/one", {}, "DELETE")).toBe(401);
  expect(await status("/streams/one/cancel", {}, "POST")).toBe(401);
  expect(await status("/status/one", {}, "POST")).toBe(401);
  expect(await status("/STREAMS")).toBe(401);
  expect(await status("//streams")).not.toBe(200);

  expect(await status("/streams", { Authorization: `Bearer ${TOKEN}` })).toBe(200);
  expect(await status("/streams", { "X-Api-Token": TOKEN })).toBe(200);
});

it("with a token set, a stream's own URLs, health and the pages stay open", async () => {
  await using app = await startTestApp({ API_TOKEN: TOKEN });
  app.streams.put({ id: "one", state: "complete" });
  await app.streams.publish("one", 0, Buffer.alloc(188));
  for (const path of [
    "/hls/one/segments/000000.ts",
    "/status/one",
    "/progress/one",
    "/watch/one",
    "/health",
    "/",
    "/assets/page-1a2b.js",
    "/events?id=one",
  ]) {
    const response = await fetch(app.url + path);
    await response.body?.cancel();
    expect([path, response.status]).toEqual([path, 200]);
  }
  expect((await fetch(`${app.url}/internal/served`)).status).toBe(204);
});

it("without a token everything is open", async () => {
  await using app = await startTestApp();
  expect((await fetch(`${app.url}/streams`)).status).toBe(200);
});
