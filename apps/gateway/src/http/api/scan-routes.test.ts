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
    plugins: [{ id: "intro-credits", is_built_in: true, is_enabled: true, state: "discovered" }],
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
