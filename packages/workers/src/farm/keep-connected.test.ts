import { once } from "node:events";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { keepConnected } from "./keep-connected.ts";

it("ends where it is ended before the connection was tried", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const ending = new AbortController();
  const never = Promise.withResolvers<undefined>();
  let begun = 0;
  const work = (): Promise<undefined> => {
    begun += 1;
    return never.promise;
  };
  const farm = { url: `http://127.0.0.1:${port}`, name: "pc", key: "key" };
  const connected = keepConnected(farm, work, makeRecordingLog(), ending.signal);
  ending.abort();
  await connected;
  expect(begun).toBe(0);
  server.close();
});
