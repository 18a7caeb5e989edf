import { join } from "node:path";
import { acceptedAnswerSchema, streamStatusSchema } from "@upreel/core";
import {
  eventually,
  makeClip,
  makeFakeItem,
  makeFakeSession,
  makeTempFolder,
  recordedWebhooks,
  ROOT_USER,
  startFakeJellyfin,
  TICKS_PER_SECOND,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startGateway } from "./support/start-gateway.ts";

/** The item of the recorded webhooks `…-four-…`. */
const ITEM = "7103a09210f6cce9754c3083fa5f7849";

it("a film played in Jellyfin is looked up, upscaled, followed and left, by webhooks alone", async () => {
  await using folder = await makeTempFolder();
  const clip = join(folder.path, "Clip Four (2004).mkv");
  await makeClip(clip, { width: 64, height: 36, rate: 25, seconds: 180 });
  const name = "Clip Four (2004)";
  const item = makeFakeItem({ id: ITEM, name, path: `/media/movies/${name}.mkv` });
  const session = makeFakeSession({ id: "ea7add84fe5d3afcd1cd1e2c8910092a", user: ROOT_USER });
  session.playing = {
    item,
    positionTicks: 100 * TICKS_PER_SECOND,
    isPaused: false,
    playMethod: "DirectPlay",
    audioStreamIndex: 1,
    subtitleStreamIndex: -1,
  };
  await using jellyfin = await startFakeJellyfin({ items: [item], sessions: [session] });
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
    env: {
      JELLYFIN_URL: jellyfin.url,
      JELLYFIN_API_KEY: jellyfin.apiKey,
      PATH_MAP: `/media/movies=${folder.path}`,
      ON_STOP: "cancel",
      // Still being made when its viewer stops.
      FFMPEG: await pacedFfmpeg(folder.path, 2),
    },
  });

  const send = async (name: string) => {
    const { body = "", headers = {} } =
      recordedWebhooks().find((webhook) => webhook.name === name) ?? {};
    const response = await fetch(`${gateway.url}/upscale-trigger`, {
      method: "POST",
      headers: { "Content-Type": headers["Content-Type"] ?? "text/plain" },
      body,
    });
    expect(response.status).toBe(202);
    return acceptedAnswerSchema.parse(await response.json());
  };

  const { check_url: checkUrl } = await send("PlaybackStart-four-all");
  const { id } = await eventually("the item became a stream", async () =>
    streamStatusSchema.parse(await (await fetch(checkUrl)).json()),
  );
  // The recorded Start is at 1:40: that is where the first pictures are made.
  const started = await gateway.waitFor(id, ({ making_ranges: making, ready_ranges: ready }) =>
    [...making, ...ready].some(([from, to]) => from <= 101 && to > 101),
  );
  expect(started).toMatchObject({ title: name, priority: "viewer", viewers: 1 });
  await send("PlaybackProgress-paused-four-tpl-json");
  session.playing = undefined;
  await send("PlaybackStop-four-form-all");
  await gateway.waitFor(id, ({ state }) => state === "cancelled");
});
