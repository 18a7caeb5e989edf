import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { eventually, makeRecordingLog } from "@upreel/testkit";
import { expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { keepConnected } from "./keep-connected.ts";

/** Longer than a silence by which a gateway is lost. */
const SECONDS_AWAY = 7;

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

it("a gateway that takes long to answer, since it starts again, is not taken for a silent one", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const asked: [IncomingMessage, Duplex, Buffer][] = [];
  server.on("upgrade", (...request) => void asked.push(request));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const ending = new AbortController();
  let closed: string | undefined;
  let opened = 0;
  const address = { url: `http://127.0.0.1:${port}`, name: "pc", key: "a-long-enough-key" };
  const connected = keepConnected(
    address,
    (link) => {
      opened += 1;
      return new Promise((resolve) => {
        link.onClosed = (why) => {
          closed ??= why;
          resolve(undefined);
        };
      });
    },
    makeRecordingLog(),
    ending.signal,
  );
  try {
    await eventually("it asks", () => asked.length === 1);
    for (let n = 0; n < SECONDS_AWAY; n += 1) vi.advanceTimersByTime(1_000);
    let pings = 0;
    for (const request of asked.splice(0))
      sockets.handleUpgrade(...request, (socket) => void socket.on("ping", () => (pings += 1)));
    await eventually("it is let in", () => opened === 1);
    for (let n = 1; n <= 3; n += 1) {
      vi.advanceTimersByTime(1_000);
      await eventually("it asks whether the gateway is there", () => pings === n);
    }
    expect([opened, closed]).toEqual([1, undefined]);
  } finally {
    vi.useRealTimers();
    ending.abort();
    await connected;
    sockets.close();
    server.close();
  }
});
