import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scansAnswerSchema } from "@upreel/core";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

it("lists the plugins, and takes a film of the film folders alone", async () => {
  await using app = await startTestApp();
  const answer = scansAnswerSchema.parse(await (await fetch(`${app.url}/scans`)).json());
  expect(answer).toMatchObject({
    is_on: false,
    plugins: ["intro-credits", "film-facts"].map((id) => ({
      ...{ id, is_built_in: true, is_enabled: true, state: "discovered" },
    })),
    jobs: [],
  });
  const ask = (body: string) => fetch(`${app.url}/scans`, { method: "POST", body });
  for (const [body, status] of [
    ["{}", 400],
    ['{"path": 7}', 400],
    ['{"path": "/etc/passwd"}', 403],
  ] as const)
    expect((await ask(body)).status).toBe(status);
  // No film: it is wanted, and its job says why nothing comes of it.
  const path = join(app.films, "text.mkv");
  await writeFile(path, "text");
  expect((await ask(JSON.stringify({ path }))).status).toBe(202);
  await expect
    .poll(async () => (await (await fetch(`${app.url}/scans`)).json()) as unknown)
    .toMatchObject({ jobs: [{ path, state: "failed", tasks: [] }] });
});

it("knows the plugins that it has, and streams", async () => {
  await using app = await startTestApp();
  expect((await fetch(`${app.url}/plugins/intro-credits/logs`)).status).toBe(200);
  expect((await fetch(`${app.url}/plugins/%40no%2Fone/logs`)).status).toBe(404);
  expect((await fetch(`${app.url}/segments/nothing`)).status).toBe(404);
});

it("switches a plugin off and on, for all films or those of a folder, and no other one", async () => {
  await using app = await startTestApp();
  const put = (body: string, id = "intro-credits") =>
    fetch(`${app.url}/plugins/${id}`, { method: "PUT", body });
  const set = async (change: object) => {
    const answer = await put(JSON.stringify(change));
    const [plugin] = scansAnswerSchema.parse(await answer.json()).plugins;
    return [plugin?.is_enabled, plugin?.off_in];
  };
  expect(await set({ is_enabled: false })).toEqual([false, []]);
  expect(await set({ is_enabled: false, library: "/films/kids" })).toEqual([
    false,
    ["/films/kids"],
  ]);
  // At once: neither takes the other back.
  await Promise.all([
    put('{"is_enabled": true}'),
    put('{"is_enabled": true, "library": "/films/kids"}'),
  ]);
  const now = scansAnswerSchema.parse(await (await fetch(`${app.url}/scans`)).json());
  expect(now.plugins.slice(0, 1)).toMatchObject([
    {
      is_enabled: true,
      off_in: [],
      capabilities: ["media-scan"],
      engine: "node",
      events: [],
      media_types: [],
    },
  ]);
  for (const [body, id, status] of [
    ["{}", "intro-credits", 400],
    ['{"is_enabled": "no"}', "intro-credits", 400],
    ['{"is_enabled": true, "id": "x"}', "intro-credits", 400],
    ['{"is_enabled": false}', "%40no%2Fone", 404],
    ['{"is_enabled": false}', "__proto__", 404],
  ] as const)
    expect([body, (await put(body, id)).status]).toEqual([body, status]);
});
