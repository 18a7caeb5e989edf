import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { UpreelError } from "@upreel/core";
import { expect, it } from "vitest";
import { isClientGone } from "./client-gone.ts";
import { writeFile } from "./send-file.ts";

const FILE = fileURLToPath(import.meta.url);

/** The answer of a server whose client has closed its page. */
async function closedPage(): Promise<ServerResponse> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has one
  const { port } = server.address() as AddressInfo;
  const page = new AbortController();
  const asked = fetch(`http://127.0.0.1:${port}/`, { signal: page.signal });
  const [, response] = await once(server, "request");
  page.abort();
  await expect(asked).rejects.toThrow();
  await once(response, "close");
  server.close();
  return response;
}

it("knows what writing to a page that was closed throws", async () => {
  const response = await closedPage();
  const thrown = await writeFile(response, FILE).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ message: expect.stringMatching(/closed or destroyed stream/) });
  expect(isClientGone(thrown)).toBe(true);
});

it.each<[unknown, boolean]>([
  [Object.assign(new Error("Request aborted"), { code: "ECONNABORTED" }), true],
  [new Error("request aborted"), true],
  [AbortSignal.abort().reason, true],
  [Object.assign(new Error("no such file"), { code: "ENOENT" }), false],
  [new UpreelError("disk_full", "the disk is full"), false],
  ["ECONNRESET", false],
])("%s: %s", (thrown, isGone) => {
  expect(isClientGone(thrown)).toBe(isGone);
});
