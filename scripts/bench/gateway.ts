import { basename, dirname, join } from "node:path";
import { copyFile, readFile } from "node:fs/promises";
import { eventually, recordedWebhooks, startFakeJellyfin } from "@upreel/testkit";
import { childrenOf } from "../../tests/support/processes.ts";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { untilMeasured } from "./until-measured.ts";
import { DOUBLED } from "./film.ts";

/** A real gateway that makes `clip` from its trigger to its archive. */
export async function measureGateway(clip: string, model: string, dataDir: string) {
  const startedMs = performance.now();
  // A Jellyfin that takes calls and never answers: webhooks must not wait for it.
  await using jellyfin = await startFakeJellyfin();
  jellyfin.behaviour.hangs = true;
  await using gateway = await startGateway({
    dataDir,
    roots: `${dirname(clip)}:${dirname(dataDir)}`,
    env: {
      ...DOUBLED,
      MODEL: model,
      LOG_LEVEL: "debug",
      JELLYFIN_URL: jellyfin.url,
      JELLYFIN_API_KEY: jellyfin.apiKey,
    },
  });
  const startMs = performance.now() - startedMs;
  await Promise.all([isWarm(gateway), untilMeasured(gateway)]);

  const triggeredMs = performance.now();
  const { id } = await gateway.trigger(clip);
  const triggerMs = performance.now() - triggeredMs;
  await gateway.waitFor(id, (status) => status.ready);
  const firstSegmentMs = performance.now() - triggeredMs;

  const memory = await memoryOf(gateway.pid);
  const from = await gateway.status(id);
  const fromMs = performance.now();
  const done = await gateway.waitFor(
    id,
    ({ frames_done, frames_total }) => frames_done === frames_total,
    600_000,
  );
  const seconds = (performance.now() - fromMs) / 1_000;
  const load = await loadBusyApi(gateway, clip, dirname(dataDir));
  return {
    startMs,
    triggerMs,
    firstSegmentMs,
    fps: (done.frames_done - from.frames_done) / seconds,
    ...load,
    ...memory,
  };
}

/** The spare worker has its network loaded. */
async function isWarm(gateway: RunningGateway): Promise<void> {
  await eventually("a warm worker", () =>
    gateway.logLines.some((line) => line.includes(" loaded on ")),
  );
}

/** 200 calls of each kind while two other films are upscaled. */
async function loadBusyApi(gateway: RunningGateway, clip: string, folder: string) {
  const ids: string[] = [];
  for (const name of ["one", "two"]) {
    const copy = join(folder, `${name}-${basename(clip)}`);
    await copyFile(clip, copy);
    ids.push((await gateway.trigger(copy)).id);
  }
  for (const id of ids) await gateway.waitFor(id, ({ state }) => state === "running");
  const load = await loadApi(gateway, ids[0] ?? "", clip, 200);
  for (const id of ids) await gateway.post(`/streams/${id}/cancel`);
  return load;
}

async function loadApi(gateway: RunningGateway, id: string, clip: string, calls: number) {
  const status: number[] = [];
  const trigger: number[] = [];
  const webhook: number[] = [];
  const webhooks = recordedWebhooks();
  for (let call = 0; call < calls; call++) {
    let before = performance.now();
    await (await fetch(`${gateway.url}/status/${id}`)).text();
    status.push(performance.now() - before);
    before = performance.now();
    await gateway.trigger(clip);
    trigger.push(performance.now() - before);
    const { body = "", headers = {} } = webhooks[call % webhooks.length] ?? {};
    before = performance.now();
    await (
      await fetch(`${gateway.url}/upscale-trigger`, {
        method: "POST",
        headers: contentType(headers),
        body,
      })
    ).text();
    webhook.push(performance.now() - before);
  }
  return {
    statusP50Ms: percentile(status, 0.5),
    statusP99Ms: percentile(status, 0.99),
    triggerP99Ms: percentile(trigger, 0.99),
    webhookP99Ms: percentile(webhook, 0.99),
  };
}

const contentType = (headers: Readonly<Record<string, string>>): Record<string, string> => ({
  "Content-Type": headers["Content-Type"] ?? "text/plain",
});

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

/** Proportional set sizes: shared libraries count once over all their users. */
async function memoryOf(gatewayPid: number) {
  const pss = async (pid: number): Promise<number> => {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1_024;
  };
  const children = await childrenOf(gatewayPid);
  const ffmpegs = children.filter(({ command }) => command.startsWith("ffmpeg "));
  // The spare worker of the next run is not part of this one.
  const run = children.filter(({ pid }) =>
    ffmpegs.some((each) => each.pid === pid || each.parent === pid),
  );
  const sizes = await Promise.all(run.map(({ pid }) => pss(pid)));
  return {
    runMegabytes: sizes.reduce((sum, size) => sum + size, 0),
    gatewayMegabytes: await pss(gatewayPid),
  };
}
