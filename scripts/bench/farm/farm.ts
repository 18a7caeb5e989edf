import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pacedFfmpeg } from "../../../tests/support/paced-ffmpeg.ts";
import {
  startFarmWorker,
  type FarmWorkerProcess,
} from "../../../tests/support/start-farm-worker.ts";
import { startGateway, type RunningGateway } from "../../../tests/support/start-gateway.ts";
import { untilMeasured } from "../until-measured.ts";
import { addHost, GATEWAY_HOST, type Host } from "./hosts.ts";

/** Small, so that several computers fit on one. */
export const FILM_SIZE = { width: 128, height: 72 };
const MODEL = "fastest";

/** What all computers of a trial have in common. */
export interface FarmGround {
  /** Of all trials. */
  readonly folder: string;
  /** Networks that were measured here, and their figures: no trial measures beside itself. */
  readonly models: string;
}

export interface TrialWorker extends FarmWorkerProcess {
  readonly host: Host;
  /** Temporary files. */
  readonly temporary: string;
}

/** Measures this machine once. */
export async function prepareGround(folder: string): Promise<FarmGround> {
  const dataDir = join(folder, "measuring", "data");
  await mkdir(dataDir, { recursive: true });
  await using gateway = await startGateway({ dataDir, roots: folder });
  await untilMeasured(gateway);
  return { folder, models: join(dataDir, "models") };
}

/** A computer that is no faster, whatever the processor beside it does. */
const slowedTo = async (
  folder: string,
  speed: number | undefined,
): Promise<Readonly<Record<string, string>>> =>
  speed === undefined ? {} : { FFMPEG: await pacedFfmpeg(folder, speed) };

export interface TrialGatewayOptions {
  /** Film seconds a second; undefined: as fast as it goes. */
  readonly speed?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Loopback in place of the network of hosts. */
  readonly isAlone?: boolean;
}

export async function startTrialGateway(
  { folder, models }: FarmGround,
  name: string,
  { speed, env, isAlone = false }: TrialGatewayOptions,
): Promise<RunningGateway> {
  const dataDir = join(folder, name, "data");
  await mkdir(dataDir, { recursive: true });
  await cp(models, join(dataDir, "models"), { recursive: true });
  return startGateway({
    ...{ dataDir, roots: folder },
    env: {
      ...(isAlone ? {} : { HOST: GATEWAY_HOST, API_TOKEN: "none" }),
      ...{ MODEL, SCALE: "2", HLS_SEGMENT_TIME: "2", MAX_STREAMS: "1", PREPARE: "off" },
      ...(await slowedTo(folder, speed)),
      ...env,
    },
  });
}

export interface TrialWorkerOptions {
  /** Film seconds a second; undefined: as fast as it goes. */
  readonly speed?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it finds the gateway; undefined: where that is. */
  readonly joinUrl?: string | undefined;
  /** Before it is started: of what it will have for temporary files. */
  readonly onTemporary?: (folder: string) => Promise<void>;
}

/** A worker on a host of its own. */
export async function startTrialWorker(
  { folder, models }: FarmGround,
  gateway: RunningGateway,
  number: number,
  { speed, env, joinUrl, onTemporary }: TrialWorkerOptions,
): Promise<TrialWorker> {
  const name = `worker-${number}`;
  const at = join(folder, `${name}-${gateway.pid}`);
  await mkdir(join(at, name), { recursive: true });
  await cp(models, join(at, name, "models"), { recursive: true });
  const temporary = join(at, `${name}-tmp`);
  await mkdir(temporary, { recursive: true });
  await onTemporary?.(temporary);
  const host = await addHost(number);
  try {
    const worker = await startFarmWorker(gateway, at, name, {
      ...{ enter: host.enter, joinUrl },
      env: { ...(await slowedTo(folder, speed)), MAX_STREAMS: "1", ...env },
    });
    return {
      ...worker,
      ...{ host, temporary },
      async [Symbol.asyncDispose]() {
        await worker[Symbol.asyncDispose]();
        await host[Symbol.asyncDispose]();
      },
    };
  } catch (thrown) {
    await host[Symbol.asyncDispose]();
    throw thrown;
  }
}
