import { createServer } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it } from "vitest";
import { listenOn } from "../../http/server/listen-on.ts";
import { createPassThrough } from "./pass-through.ts";

it("asks once more on a new connection when the server closes the one that had rested", async () => {
  const served = new WeakSet<Socket>();
  let closed = 0;
  const server = createServer((request, response) => {
    const { socket } = request;
    if (served.has(socket)) {
      closed++;
      return void socket.resetAndDestroy();
    }
    served.add(socket);
    void text(request).then((body) => response.end(`${request.method} ${request.url} ${body}`));
  });
  const jellyfin = await listenOn(server, { host: "127.0.0.1", port: 0 });
  using passThrough = createPassThrough(
    { url: new URL(jellyfin.url), isTrusted: () => false },
    { log: makeRecordingLog() },
  );
  const front = createServer((request, response) => {
    passThrough.web(request, response, request.url === "/read" ? Buffer.from("held") : undefined);
  });
  const { url } = await listenOn(front, { host: "127.0.0.1", port: 0 });
  const ask = async (path: string, method: string): Promise<string> =>
    (await fetch(url + path, { method, ...(method === "POST" ? { body: "sent" } : {}) })).text();

  expect(await ask("/a", "GET")).toBe("GET /a ");
  expect(await ask("/b", "GET")).toBe("GET /b ");
  expect(await ask("/c", "GET")).toBe("GET /c ");
  expect(await ask("/read", "POST")).toBe("POST /read held");
  expect(closed).toBeGreaterThan(0);
  // What was already passed on cannot be sent again.
  expect(await ask("/d", "GET")).toBe("GET /d ");
  expect(await ask("/e", "POST")).toContain("does not answer");
  for (const each of [front, server]) {
    each.closeAllConnections();
    each.close();
  }
});
