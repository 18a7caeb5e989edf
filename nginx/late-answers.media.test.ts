import { createServer } from "node:http";
import { mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { eventually, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startNginx } from "./testing/start-nginx.ts";

/** A gateway that is too busy to be told what was served, and answers all else. */
async function busyGateway() {
  const seen = { given: 0, health: 0 };
  const server = createServer((request, response) => {
    if (request.url === "/internal/served") return void request.on("close", () => seen.given++);
    if (request.url === "/health") seen.health++;
    response.end("here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("gateways that are late to hear what was served are asked for all else", async () => {
  await using folder = await makeTempFolder();
  await using one = await busyGateway();
  await using other = await busyGateway();
  const segments = join(folder.path, "streams", "abc", "segments");
  await mkdir(segments, { recursive: true });
  await writeFile(join(segments, "000000.ts"), "pictures");
  await using nginx = await startNginx(one.url, folder.path, 60, other.url);
  const both = [one.seen, other.seen];
  await eventually("both were told in vain, twice", async () => {
    const segment = await fetch(`${nginx.url}/hls/abc/segments/000000.ts`);
    expect(await segment.text()).toBe("pictures");
    return both.every(({ given }) => given > 1);
  });
  for (const each of both) each.health = 0;
  expect(await (await fetch(`${nginx.url}/status/abc`)).text()).toBe("here");
  // It was not held for want of a gateway.
  expect(both.map(({ health }) => health)).toEqual([0, 0]);
});
