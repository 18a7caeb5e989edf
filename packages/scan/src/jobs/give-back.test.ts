import { once } from "node:events";
import { makeRecordingLog, makeTempFolder, startValkey } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openJobs } from "../../../jobs/src/index.ts";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";
import type { Viewers } from "./scan-queue.ts";

const FILM = "/films/a.mkv";

/** Viewers who come and go as a test says. */
function makeViewers() {
  let gone: PromiseWithResolvers<void> | undefined;
  const viewers: Viewers = {
    needProcessor: () => gone !== undefined,
    untilIdle: async (signal) => {
      if (signal.aborted) return;
      await Promise.race([gone?.promise, once(signal, "abort")]);
    },
  };
  const go = (): void => {
    gone?.resolve();
    gone = undefined;
  };
  return { viewers, come: () => void (gone = Promise.withResolvers()), go };
}

it("gives a film back when viewers come, and looks at the rest of it when they are gone", async () => {
  await using folder = await makeTempFolder();
  const { viewers, come, go } = makeViewers();
  let persisted = 0;
  const beforePersist = (): void => {
    // While the first of two plugins works.
    if ((persisted += 1) === 1) come();
  };
  await using rig = openRig(folder.path, { viewers, beforePersist });
  for (const id of ["a-first", "b-second"]) await writePlugin(rig.pluginsDir, id, "begin()");
  rig.queue.want(FILM);
  await expect
    .poll(() => [persisted, rig.queue.jobs()[0]])
    .toMatchObject([1, { state: "waiting", tasks: [] }]);
  expect(rig.queue.lookingAt(FILM)).toBeUndefined();
  go();
  await rig.queue.idle();
  expect(rig.queue.jobs()).toMatchObject([
    {
      state: "done",
      tasks: [
        { plugin: "a-first", state: "known" },
        { plugin: "b-second", state: "done" },
      ],
    },
  ]);
  expect(persisted).toBe(2);
});

it("a film that a gateway with viewers has is looked at by one that has none", async () => {
  await using folder = await makeTempFolder();
  await using server = await startValkey();
  const openGateway = async (viewers?: Viewers) => {
    const how = { url: server.url, file: "", installation: "shared", log: makeRecordingLog() };
    return openRig(folder.path, { jobs: await openJobs(how), ...(viewers && { viewers }) });
  };
  const { viewers, come } = makeViewers();
  come();
  let asked = 0;
  const needProcessor = (): boolean => (asked += 1) > 0 && viewers.needProcessor();
  await using busy = await openGateway({ ...viewers, needProcessor });
  await writePlugin(busy.pluginsDir, "mine", "begin()");
  busy.queue.want(FILM);
  await expect.poll(() => asked).toBeGreaterThan(0);
  await using idle = await openGateway();
  await busy.queue.settled(FILM);
  expect(busy.queue.jobs()).toMatchObject([{ state: "done", tasks: [{ state: "done" }] }]);
  expect(idle.store.chapters(idle.fileId(FILM))).toHaveLength(1);
});
