import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { fetchPicture } from "./fetch-picture.ts";

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(100)]);

async function ask(listener: RequestListener): Promise<Uint8Array | undefined> {
  await using server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  try {
    return await fetchPicture({ url, apiKey: "a key" }, "abc", 400, AbortSignal.timeout(240_000));
  } finally {
    server.closeAllConnections();
  }
}

it("asks for the poster with the key, and takes nothing but a JPEG of a sane size", async () => {
  const asked: (string | undefined)[] = [];
  const found = await ask(({ url, headers }, response) => {
    asked.push(url, headers.authorization);
    response.end(JPEG);
  });
  expect(found).toEqual(JPEG);
  expect(asked).toEqual([
    "/base/Items/abc/Images/Primary?maxWidth=400&quality=80&format=Jpg",
    'MediaBrowser Token="a%20key"',
  ]);
  expect(await ask((_request, response) => response.writeHead(404).end(JPEG))).toBe(undefined);
  expect(await ask((_request, response) => response.end("<svg/>"))).toBe(undefined);
  // More than any poster has.
  const endless: RequestListener = (_request, response) =>
    response.end(Buffer.concat([JPEG, Buffer.alloc(5_000_000)]));
  expect(await ask(endless)).toBe(undefined);
});

it("the key does not follow to another server", async () => {
  const elsewhere: RequestListener = (_request, response) =>
    response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end();
  await expect(ask(elsewhere)).rejects.toThrow();
});
