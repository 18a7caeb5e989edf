import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { makeRecordingLog, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLastDefence } from "../http/server/last-defence.ts";
import { listenOn } from "../http/server/listen-on.ts";
import { createBypass } from "./bypass.ts";

it("answers from Jellyfin alone, and keeps what is ours until there is a gateway", async () => {
  await using jellyfin = await startFakeJellyfin();
  // The door leads to the gateway once that is ready, as the supervisor does it.
  const gateway = createHttpServer((request, response) => response.end(`ours ${request.url}`));
  const ready = Promise.withResolvers<void>();
  let isReady = false;
  const door = createServer((socket) => {
    if (isReady) gateway.emit("connection", socket);
    else bypass.take(socket);
  });
  const { url } = await listenOn(door, { host: "127.0.0.1", port: 0 });
  using bypass = createBypass(
    {
      jellyfin: new URL(jellyfin.url),
      trustedProxies: [],
      log: makeRecordingLog(),
      defence: createLastDefence(makeRecordingLog()),
    },
    url,
    () => ready.promise,
  );
  const info = await fetch(`${url}/System/Info/Public`);
  expect([info.status, info.headers.get("connection")]).toEqual([200, "close"]);
  const posted = await fetch(`${url}/Sessions/Playing?ApiKey=${jellyfin.apiKey}`, {
    method: "POST",
    body: "{}",
  });
  expect(posted.status).toBe(204);
  const socket = new WebSocket(`${url}/socket?ApiKey=${jellyfin.apiKey}`);
  await once(socket, "message");
  socket.close();

  const held = fetch(`${url}/upscale/hls/a/segments/000001.ts`);
  const isHeld = await Promise.race([
    held.then(() => false),
    fetch(`${url}/web/`).then(() => true),
  ]);
  expect(isHeld).toBe(true);
  isReady = true;
  ready.resolve();
  expect(await (await held).text()).toBe("ours /upscale/hls/a/segments/000001.ts");
  await jellyfin.stop();
  gateway.closeAllConnections();
  door.close();
});
