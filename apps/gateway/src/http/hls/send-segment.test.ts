import { once } from "node:events";
import { createServer } from "node:http";
import { makeTempFolder } from "@upreel/testkit";
import express from "express";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { listenOn } from "../server/listen-on.ts";
import { writeSegment } from "./send-segment.ts";

it("does not mind a client that went before the first byte", async () => {
  await using folder = await makeTempFolder();
  const streams = createFakeStreams(folder.path);
  streams.put({ id: "abc" });
  await streams.publish("abc", 0, Buffer.alloc(188));
  const written = Promise.withResolvers<unknown>();
  const gone = new AbortController();
  const app = express().get("/", async (_request, response) => {
    gone.abort();
    await once(response, "close");
    written.resolve(writeSegment(response, await streams.folder("abc"), 0));
  });
  const server = createServer(app);
  const { url } = await listenOn(server, { host: "127.0.0.1", port: 0 });
  await expect(fetch(url, { signal: gone.signal })).rejects.toThrow();
  await expect(written.promise).resolves.toBeUndefined();
  server.closeAllConnections();
  server.close();
});
