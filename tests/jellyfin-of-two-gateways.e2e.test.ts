import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { acceptedAnswerSchema, streamStatusSchema, type StreamStatus } from "@upreel/core";
import {
  eventually,
  freePort,
  makeClip,
  makeFakeItem,
  makeTempFolder,
  recordedWebhooks,
  startFakeJellyfin,
  startValkey,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

/** The item of the recorded webhooks `…-four-…`. */
const ITEM = "7103a09210f6cce9754c3083fa5f7849";
const NAME = "Clip Four (2004)";

const leads = ({ logLines }: RunningGateway): boolean =>
  logLines.some((line) => line.includes("This gateway asks Jellyfin who is watching"));

/** What became of the item that a recorded Start named, as this gateway tells. */
async function sendStart(gateway: RunningGateway): Promise<StreamStatus> {
  const { body = "", headers = {} } =
    recordedWebhooks().find(({ name }) => name === "PlaybackStart-four-all") ?? {};
  const response = await fetch(`${gateway.url}/upscale-trigger`, {
    ...{ method: "POST", body },
    headers: { "Content-Type": headers["Content-Type"] ?? "text/plain" },
  });
  expect(response.status).toBe(202);
  const { check_url: checkUrl } = acceptedAnswerSchema.parse(await response.json());
  expect(new URL(checkUrl).origin).toBe(gateway.url);
  return eventually("the item became a stream", async () =>
    streamStatusSchema.parse(await (await fetch(checkUrl)).json()),
  );
}

it("two gateways have one Jellyfin: a webhook to either is taken by the one that leads, which is another one when it is gone", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const valkey = stack.use(await startValkey());
  await makeClip(join(folder.path, `${NAME}.mkv`), {
    ...{ width: 64, height: 36, rate: 25, seconds: 180 },
  });
  const item = makeFakeItem({ id: ITEM, name: NAME, path: `/media/movies/${NAME}.mkv` });
  const jellyfin = stack.use(await startFakeJellyfin({ items: [item], sessions: [] }));
  const start = async (): Promise<RunningGateway> => {
    const port = await freePort();
    return stack.use(
      await startGateway({
        ...{ dataDir: join(folder.path, "data"), roots: folder.path, port },
        env: {
          FARM_URL: valkey.url,
          GATEWAY_URL: `http://127.0.0.1:${port}`,
          JELLYFIN_URL: jellyfin.url,
          JELLYFIN_API_KEY: jellyfin.apiKey,
          PATH_MAP: `/media/movies=${folder.path}`,
          LIBRARY_RULES: "below=3000",
        },
      }),
    );
  };
  const a = await start();
  await eventually("it leads", () => leads(a));
  const b = await start();
  const { id } = await sendStart(b);
  expect(leads(b)).toBe(false);
  expect(await a.status(id)).toMatchObject({ id, title: NAME });
  const ofNight = async (gateway: RunningGateway): Promise<unknown> =>
    (await fetch(`${gateway.url}/library/plan`)).json();
  // They are asked one after the other, and it is made anew meanwhile.
  await eventually("one plan of both", async () =>
    isDeepStrictEqual(await ofNight(b), await ofNight(a)),
  );

  await a.kill();
  await eventually("the other one leads", () => leads(b));
  expect((await sendStart(b)).id).toBe(id);
});
