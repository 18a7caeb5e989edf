import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import type { Log } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { chooseToneMapper, toneMapWay, toolVersions, type ToneMapperChoice } from "@upreel/media";
import type { ToneMapping } from "@upreel/workers";
import { z } from "zod";
import type { EngineSettings } from "../settings.ts";
import { readGpuFacts, type GpuFacts } from "./gpu-facts.ts";

/** In the folder of models, like what models were measured to do. */
const CHOICE_FILE = ".tone-mapper.json";

const keptSchema = z.object({
  /** Of the drivers, ffmpeg and what is tried: another one means a trial anew. */
  key: z.string(),
  /** In ffmpeg's list; null: the processor. */
  device: z.int().nonnegative().nullable(),
  why: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

export interface ToneMapperParts {
  readonly settings: Pick<EngineSettings, "ffmpeg" | "ffprobe" | "modelsDir" | "vulkanDrivers">;
  /** Settles when nothing else takes the machine's time. */
  readonly untilQuiet: () => Promise<void>;
  /** Aborts when something does. */
  readonly untilBusy: () => Disposable & { readonly signal: AbortSignal };
  readonly log: Log;
  readonly signal: AbortSignal;
  /** For tests. */
  readonly facts?: () => Promise<GpuFacts>;
  readonly choose?: typeof chooseToneMapper;
}

export interface ToneMapper extends ToneMapping {
  /** Settles when it is known where HDR becomes SDR; never rejects. */
  readonly chosen: Promise<void>;
}

/**
 * Where HDR becomes SDR on this machine. A GPU is tried once for each driver and ffmpeg, when nothing else runs, and
 * what came of it is kept; until then, and on machines without one, the processor does it. Both give the same colours.
 */
export function createToneMapper(parts: ToneMapperParts): ToneMapper {
  const { log, signal } = parts;
  let device: number | undefined;
  const choose = async (): Promise<void> => {
    const found = await chooseHere(parts);
    device = found?.device ?? undefined;
    if (found === undefined) return;
    const where = device === undefined ? "the processor" : "the GPU";
    log.info(`HDR is converted to SDR on ${where}: ${found.why}`);
  };
  return {
    device: () => device,
    giveUp(reason) {
      if (device === undefined) return;
      device = undefined;
      log.warn(
        "HDR is converted to SDR on the processor from now on: a run on the GPU failed",
        reason,
      );
    },
    chosen: choose().catch((thrown: unknown) => {
      if (signal.aborted) return;
      log.warn("HDR is converted to SDR on the processor: no GPU could be tried", { thrown });
    }),
  };
}

/** The same by a trial now, for people who ask. */
export async function examineToneMapper(
  { ffmpeg, vulkanDrivers }: Pick<EngineSettings, "ffmpeg" | "vulkanDrivers">,
  signal: AbortSignal,
): Promise<ToneMapperChoice> {
  const why = whyNothingToTry(await readGpuFacts(vulkanDrivers));
  return why === undefined ? chooseToneMapper(ffmpeg, signal) : { device: undefined, why };
}

function whyNothingToTry({ gpus, vulkanDrivers }: GpuFacts): string | undefined {
  if (!gpus.some(({ isOpen }) => isOpen))
    return gpus.length === 0 ? "no GPU is here" : "this user may not open the GPU";
  return vulkanDrivers.length === 0 ? "there is no Vulkan driver" : undefined;
}

/** undefined: this machine has nothing to try. */
async function chooseHere(parts: ToneMapperParts): Promise<Kept | undefined> {
  const { settings, facts = () => readGpuFacts(settings.vulkanDrivers) } = parts;
  const found = await facts();
  if (whyNothingToTry(found) !== undefined) return undefined;
  const file = new JsonFile(join(settings.modelsDir, CHOICE_FILE), keptSchema, {
    ...{ isDurable: false, indent: 2, makesFolder: true },
  });
  const key = await keyOf(found, parts);
  const kept = await file.readOrForget();
  if (kept?.key === key) return kept;
  const { device, why } = await tryWhenQuiet(parts);
  parts.signal.throwIfAborted();
  const choice = { key, device: device?.index ?? null, why };
  await file.write(choice).catch((thrown: unknown) => {
    parts.log.warn("Where HDR is converted to SDR could not be saved", { thrown });
  });
  return choice;
}

async function keyOf(
  { vulkanDrivers, nvidiaDriver, gpus }: GpuFacts,
  { settings, signal }: ToneMapperParts,
): Promise<string> {
  const { ffmpeg } = await toolVersions(settings, signal);
  const drivers = vulkanDrivers.map(async (path) => {
    const { size, mtimeMs } = await stat(path);
    return [path, size, Math.trunc(mtimeMs)];
  });
  const devices = gpus.map((gpu) => gpu.device);
  const machine = [release(), nvidiaDriver, devices, await Promise.all(drivers)];
  return createHash("sha256")
    .update(JSON.stringify([machine, ffmpeg, toneMapWay()]))
    .digest("hex");
}

/** A film that begins meanwhile goes first. */
async function tryWhenQuiet(parts: ToneMapperParts) {
  const { settings, untilQuiet, untilBusy, signal, choose = chooseToneMapper } = parts;
  for (;;) {
    await untilQuiet();
    signal.throwIfAborted();
    using busy = untilBusy();
    const trying = AbortSignal.any([signal, busy.signal]);
    try {
      return await choose(settings.ffmpeg, trying);
    } catch (thrown) {
      if (signal.aborted || !busy.signal.aborted) throw thrown;
    }
  }
}
