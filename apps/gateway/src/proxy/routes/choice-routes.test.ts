import express from "express";
import { expect, it } from "vitest";
import { makeRecordingLog } from "@upreel/testkit";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { errorHandler } from "../../http/server/error-status.ts";
import { listen } from "../../http/server/server.ts";
import { readField } from "../../testing/read-field.ts";
import { createPlaybacks } from "../../viewing/playbacks.ts";
import { choiceRoutes } from "./choice-routes.ts";
import type { ProxyDeps } from "../deps.ts";

it("what is made ahead at another gateway is handed over before its model is chosen, unless it is watched there", async () => {
  const streams = createFakeStreams("/nowhere");
  const playbacks = createPlaybacks({ nowMs: () => 0 });
  const elsewhere = { isWatched: true };
  const asked: string[] = [];
  const app = express();
  app.use(
    choiceRoutes({
      ...{ playbacks, models: {} as ProxyDeps["models"], faces: {} as ProxyDeps["faces"] },
      streams: {
        ...streams,
        async reach(id: string) {
          streams.put({ id, state: "running" });
          return { at: "here" };
        },
      },
      peers: {
        askFor: async (id: string) => {
          asked.push(id);
          return !elsewhere.isWatched;
        },
      } as unknown as NonNullable<ProxyDeps["peers"]>,
    }),
    errorHandler(makeRecordingLog()),
  );
  await using server = await listen(app, { host: "127.0.0.1", port: 0 });
  playbacks.begin({
    ...{ playSessionId: "p", viewer: "tv", itemId: "i", title: "Film", mode: "ask" },
    madeAheadId: "film",
  } as unknown as Parameters<typeof playbacks.begin>[0]);
  const choose = () =>
    fetch(`${server.url}/model`, {
      method: "POST",
      body: JSON.stringify({ device_id: "tv", sharpness: 1 }),
    });
  const refused = await choose();
  expect(await readField(refused, "code")).toBe("stream_elsewhere");
  elsewhere.isWatched = false;
  expect((await choose()).status).toBe(204);
  // It is here from now on.
  expect((await choose()).status).toBe(204);
  expect(asked).toEqual(["film", "film"]);
});
