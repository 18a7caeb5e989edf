import { rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import {
  VIDEO_ENCODERS,
  withoutFacesId,
  type Log,
  type PathMap,
  type SourceRef,
  type VideoEncoder,
  type WorkerOffer,
} from "@upreel/core";
import { chooseEncoder, makeScratchFolder } from "@upreel/media";
import { createCatalogue, readPublicModels, threadsFor } from "@upreel/upscaler";
import {
  createGatewayClient,
  createSegmentSender,
  createWorkers,
  importInProcess,
  isUnwanted,
  keepConnected,
  workForFarm,
  type FarmAddress,
  type FarmShift,
  type FarmWork,
  type WorkerPool,
} from "@upreel/workers";
import { readGpuFacts } from "../hardware/gpu-facts.ts";
import { createToneMapper } from "../hardware/tone-mapper.ts";
import { openNetworks } from "../ladder/networks.ts";
import { chooseRung, howToChoose } from "../measure/choose-rung.ts";
import { rungOn } from "../measure/rung-on.ts";
import type { EngineSettings } from "../settings.ts";
import { countWork } from "./count-work.ts";
import { createFarmModels } from "./farm-models.ts";
import { findSource, type SourceWays } from "./find-source.ts";
import { localFaces, localOrder } from "./local-order.ts";
import { watchUse, type SeenUse } from "./others-load.ts";

export interface JoinOptions {
  readonly address: FarmAddress;
  readonly version: string;
  readonly sharedFolders: PathMap;
  /** What its doctor found, for people. */
  readonly problems: readonly string[];
  /** The key is good. */
  readonly onLetIn: () => void;
}

const TRIAL_MS = 30_000;

/** Makes segments for a gateway on another machine until `signal` aborts. Rejects when that gateway refuses it. */
export async function joinFarm(
  settings: EngineSettings,
  { address, version, sharedFolders, problems, onLetIn }: JoinOptions,
  log: Log,
  given: AbortSignal,
): Promise<void> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([given, leaving.signal]);
  const gateway = createGatewayClient(address);
  const scratch = await makeScratchFolder(tmpdir(), "upreel-farm-");
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(scratch, { recursive: true, force: true, maxRetries: 3 }));
  // Networks that are measured while the process goes would be kept as refused.
  stack.defer(() => leaving.abort());
  const { modelsDir: folder, ffmpeg, providers, tileBytes } = settings;
  const catalogue = createCatalogue({ folder, prepare: importInProcess, signal });
  const threads = settings.threads === 0 ? threadsFor(availableParallelism()) : settings.threads;
  let shift: FarmShift | undefined;
  const work = countWork();
  const opened = Promise.withResolvers<WorkerPool>();
  const networks = openNetworks({
    ...{ settings, catalogue, threads, log, signal, publicModels: await readPublicModels() },
    untilQuiet: work.untilNone,
    untilBusy: work.untilSome,
    look: async (rungs) => (await opened.promise).look(rungs),
  });
  networks.measureNew();
  networks.measurements.onProgress(() => shift?.tellOffer());
  const encoders = await encodersHere(ffmpeg);
  const toneMapping = createToneMapper({
    ...{ settings, log, signal, untilQuiet: work.untilNone, untilBusy: work.untilSome },
  });
  const { gpus } = await readGpuFacts(settings.vulkanDrivers);
  const ways = sourceWays(sharedFolders, gateway.sourceUrl, log);
  const pool = stack.use(
    createWorkers(log, {
      ...{ threads, ffmpeg, toneMapping, offers: () => networks.offers() },
      warmRung: await networks.firstRung(),
      resolvers: {
        sources: { findSource: (source) => findSource(source, ways) },
        models: createFarmModels(catalogue, join(folder, "farm"), gateway.fetchModel),
        segments: createSegmentSender({
          ...{ gateway, scratch, connection: () => shift?.connection ?? signal },
          onBacklog: (runId, isBehind) => shift?.pause(runId, isBehind),
          onRefused(runId, thrown) {
            if (!isUnwanted(thrown)) log.warn(`A segment of run ${runId} was refused`, { thrown });
            shift?.cancel(runId);
          },
        }),
      },
    }),
  );
  opened.resolve(pool);
  const [place] = networks.offers();
  let seen: SeenUse = { isInUse: false, gpuCelsius: undefined };
  const onLook = (now: SeenUse): void => {
    if (now.isInUse !== seen.isInUse)
      log.info(`This computer is ${now.isInUse ? "in use" : "no longer in use"}`);
    seen = now;
  };
  const { inUseShare } = settings;
  watchUse({ isWorking: () => work.isSome(), inUseShare, onLook }, signal);
  const farmWork: FarmWork = {
    ...{ log, seen: () => seen },
    pool: { start: (...order) => work.during(pool.start(...order)) },
    facts: {
      ...{ version, platform: `${process.platform} ${process.arch}` },
      cpu: cpus()[0]?.model.trim().slice(0, 200) ?? "unknown",
      ...{ cores: availableParallelism(), memoryBytes: totalmem() },
      problems: problems.slice(0, 20).map((each) => each.slice(0, 300)),
      gpus: gpus.filter(({ isOpen }) => isOpen).map(({ vendor, device }) => `${vendor} ${device}`),
    },
    offer: (): WorkerOffer => ({
      ...{ places: settings.maxStreams, providers: [...providers], encoders: [...encoders] },
      ...{ cores: place?.cores ?? 1, speeds: [...networks.measurements.known()] },
    }),
    localize: (order) =>
      localOrder(order, (rung) => {
        const { model, ...rest } = rung;
        if (model.kind === "copy") return rung;
        const spec = { ...model, id: withoutFacesId(model.id), file: "" };
        const offer = networks.ladderParts.offer;
        const isByMeasuring = settings.choosesProviderBySpeed;
        const choice = chooseRung([spec], howToChoose(offer, { isByMeasuring }));
        const { model: _, ...local } = rungOn(spec, choice?.provider ?? "cpu", tileBytes);
        return { ...rest, ...local, ...localFaces(rung, settings), model };
      }),
    onSource: ({ source }, token) => ways.noteToken(source, token),
  };
  await keepConnected(
    address,
    async (link) => {
      onLetIn();
      shift = workForFarm(link, farmWork);
      return await shift.over;
    },
    log,
    signal,
  );
}

function sourceWays(sharedFolders: PathMap, sourceUrl: (token: string) => string, log: Log) {
  const urls = new Map<string, string>();
  return {
    sharedFolders,
    noteToken: ({ id }: Pick<SourceRef, "id">, token: string): void =>
      void urls.set(id, sourceUrl(token)),
    urlOf: ({ id }) => urls.get(id),
    onNotShared: (path) =>
      log.info("A shared folder does not have a film as the gateway has it; it is read over HTTP", {
        path,
      }),
  } satisfies SourceWays & { readonly noteToken: unknown };
}

/** What encodes on this machine, each tried once. */
async function encodersHere(ffmpeg: string): Promise<readonly VideoEncoder[]> {
  const works: VideoEncoder[] = [];
  for (const wanted of VIDEO_ENCODERS) {
    const deadline = AbortSignal.timeout(TRIAL_MS);
    const found = await chooseEncoder(wanted, { ffmpeg }, deadline).catch(() => undefined);
    if (found?.encoder === wanted) works.push(wanted);
  }
  return works;
}
