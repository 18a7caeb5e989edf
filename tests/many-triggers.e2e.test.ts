import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { streamStatusSchema, type StreamStatus } from "@upreel/core";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { childrenOf } from "./support/processes.ts";
import { startGateway } from "./support/start-gateway.ts";

const FILMS = 300;
const PLANS_AT_A_TIME = 2;
/** Of one film that is read: two ffprobes, or one and ffmpeg. */
const PROCESSES_OF_A_PLAN = 2;

it("three hundred triggers at once are answered, read a few at a time, and all cancelled", async () => {
  await using folder = await makeTempFolder();
  const films = join(folder.path, "films");
  await mkdir(films);
  const clip = await makeClip(join(folder.path, "clip.mp4"), {
    ...{ width: 64, height: 36, rate: 25, seconds: 2, audio: false },
  });
  const paths = Array.from({ length: FILMS }, (_, n) => join(films, `${n}.mp4`));
  for (const path of paths) await copyFile(clip, path);
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: films },
    env: { PLANS_AT_A_TIME: String(PLANS_AT_A_TIME) },
  });

  const list = async (): Promise<readonly StreamStatus[]> => {
    const answer = (await (await fetch(`${gateway.url}/streams`)).json()) as { streams: unknown };
    return streamStatusSchema.array().parse(answer.streams);
  };

  const watching = new AbortController();
  let most = 0;
  const watched = (async () => {
    while (!watching.signal.aborted) {
      const rows = await childrenOf(gateway.pid);
      most = Math.max(most, rows.filter(({ command }) => command.startsWith("ffprobe ")).length);
      await sleep(100);
    }
  })();
  const answers = await Promise.all(paths.map((path) => gateway.trigger(path)));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(FILMS);
  expect(answers.every(({ status }) => status === "started" || status === "queued")).toBe(true);

  // Meanwhile the first one that was read is made, and none fails.
  const isAnyComplete = async (): Promise<boolean> =>
    (await list()).some(({ state }) => state === "complete");
  await expect.poll(isAnyComplete, { interval: 1000 }).toBe(true);
  await Promise.all(answers.map(({ id }) => gateway.post(`/streams/${id}/cancel`)));
  watching.abort();
  await watched;
  const states = new Set((await list()).map(({ state }) => state));
  expect([...states].sort()).toEqual(["cancelled", "complete"]);
  expect(most).toBeLessThanOrEqual(PLANS_AT_A_TIME * PROCESSES_OF_A_PLAN);
  // One that is killed goes when the system has time for it.
  const left = async (): Promise<readonly string[]> =>
    (await childrenOf(gateway.pid))
      .map(({ command }) => command)
      .filter((command) => command.startsWith("ff"));
  await expect.poll(left).toEqual([]);
});
