import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { webhooksAnswerSchema } from "@upreel/core";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

it("webhooks are added, tried out, changed and removed, and tell of films", async () => {
  const told: string[] = [];
  const receiver = createServer((request, response) => {
    request.on("data", (chunk) => told.push(String(chunk))).on("end", () => response.end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  await using app = await startTestApp();
  const ask = async (method: string, path: string, body?: object) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${app.url}/webhooks${path}`, { method, ...json });
    return { status: response.status, text: await response.text() };
  };
  const read = (text: string) => webhooksAnswerSchema.parse(JSON.parse(text));
  const url = `http://127.0.0.1:${port}/secret-path`;
  for (const wrong of [
    {},
    { name: "a", url: "ftp://x", events: ["film.*"] },
    { name: "a", url: "http://user:word@x", events: ["film.*"] },
    { name: "a", url, events: ["films.*"] },
    { name: "a", url, events: ["film.*"], more: 1 },
  ])
    expect(await ask("POST", "", wrong)).toMatchObject({ status: 400 });
  const added = await ask("POST", "", { name: "mine", url, events: ["film.*"] });
  expect(added.status).toBe(201);
  expect(added.text).not.toContain("secret-path");
  const [{ id } = { id: "" }] = read(added.text).receivers;

  expect((await ask("POST", `/${id}/test`)).status).toBe(202);
  app.events.tell({ name: "film.started", stream: "s", title: "Metropolis" });
  await expect.poll(() => told.length).toBe(2);
  expect(told.map((text) => (JSON.parse(text) as { name: string }).name)).toEqual([
    ...["webhook.test", "film.started"],
  ]);
  await expect
    .poll(async () => read((await ask("GET", "")).text).deliveries.map(({ state }) => state))
    .toEqual(["sent", "sent"]);
  const [{ id: delivery } = { id: 0 }] = read((await ask("GET", "")).text).deliveries;
  expect((await ask("POST", `/deliveries/${delivery}/again`)).status).toBe(202);
  await expect.poll(() => told.length).toBe(3);

  expect((await ask("PUT", `/${id}`, { is_enabled: false })).status).toBe(200);
  expect((await ask("POST", `/${id}/test`)).status).toBe(400);
  for (const [method, path] of [
    ["PUT", "/none"],
    ["DELETE", "/none"],
    ["POST", "/none/test"],
    ["POST", "/deliveries/99/again"],
  ] as const)
    expect(await ask(method, path, {})).toMatchObject({ status: 404 });
  expect((await ask("POST", "/deliveries/x/again")).status).toBe(400);
  expect(read((await ask("DELETE", `/${id}`)).text)).toMatchObject({ receivers: [] });
  receiver.close();
});
