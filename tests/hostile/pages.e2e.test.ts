import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { startGateway } from "../support/start-gateway.ts";

/** What a stranger's page tries: everything that a browser sends without asking first. */
const ATTACK = `async (target) => {
  const send = (path, options) => fetch(target + path, { mode: "no-cors", ...options })
    .then((response) => response.text(), () => "").catch(() => "");
  const body = new Blob(['{"QUALITY": 33}'], { type: "text/plain" });
  await send("/settings", { method: "POST", body });
  await send("/upscale-trigger", { method: "POST", body: "path=/etc/passwd" });
  await send("/models/benchmark", { method: "POST" });
  await send("/benchmark", { method: "POST" });
  return send("/settings", {});
}`;

it("a real browser's pages of other sites read and change nothing", async () => {
  await using folder = await makeTempFolder();
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
  });
  const { port } = new URL(gateway.url);
  const other = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<title>Another site</title>");
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port: otherPort } = other.address() as AddressInfo;
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.example 127.0.0.1"],
    timeout: 240_000,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(240_000);
    // A name that first led elsewhere and now leads here: of the same origin, so that it could read.
    const rebound = await page.goto(`http://evil.example:${port}/streams`);
    expect(rebound?.status()).toBe(403);
    for (const site of [`http://localhost:${otherPort}`, `http://evil.example:${otherPort}`]) {
      await page.goto(site);
      for (const target of [gateway.url, `http://localhost:${port}`, `http://evil.example:${port}`])
        expect(await page.evaluate(`(${ATTACK})(${JSON.stringify(target)})`)).toBe("");
    }
  } finally {
    await browser.close();
    other.close();
  }
  const told = gateway.logLines.filter((line) => /Settings changed|benchmark|measur/i.test(line));
  expect(told).toEqual([]);
  expect(await (await fetch(`${gateway.url}/streams`)).json()).toEqual({ streams: [] });
});
