import { join } from "node:path";
import type { Output, Profile, Rung } from "@upreel/core";
import { chooseEncoder, countPictures } from "@upreel/media";
import { createStreams, type Log, type Streams } from "@upreel/streams";
import { createCatalogue } from "@upreel/upscaler";
import { createStreamFolders } from "@upreel/watcher";
import type { Config } from "./config.ts";
import { readSecret } from "./installation-secret.ts";
import { createPlanner } from "./planner.ts";
import { createWorkers } from "./worker-pool.ts";

/** Networks that `auto` tries, best choice first. */
const PREFERRED_MODELS = ["upreel-x2-full16"];

export interface Composition extends AsyncDisposable {
  readonly streams: Streams;
}

/** Builds everything below HTTP: the only place where the packages meet. */
export async function composeGateway(config: Config, log: Log): Promise<Composition> {
  const clock = { nowMs: () => Date.now() };
  const catalogue = createCatalogue();
  const { ffmpeg, ffprobe } = config;

  const chooseRung = async (profile: Pick<Profile, "model">): Promise<Rung> => {
    const id = profile.model === "auto" ? (PREFERRED_MODELS[0] ?? "lanczos") : profile.model;
    const model = await catalogue.find(id);
    return { model, provider: model.kind === "copy" ? "ffmpeg" : "cpu" };
  };

  const trials = new Map<Profile["encoder"], Promise<Output["encoder"]>>();
  const encoderFor = (wanted: Profile["encoder"]): Promise<Output["encoder"]> => {
    const known = trials.get(wanted);
    if (known !== undefined) return known;
    const trial = chooseEncoder(wanted, { ffmpeg }, AbortSignal.timeout(30_000)).then((choice) => {
      for (const warning of choice.warnings) log.warn(warning);
      return choice.encoder;
    });
    trials.set(wanted, trial);
    trial.catch(() => trials.delete(wanted));
    return trial;
  };

  const warmRung = await chooseRung({ model: config.model });
  log.info(`Model ${warmRung.model.id} on ${warmRung.provider}`);
  // In the background: the first film need not wait for it, and the listening does not either.
  encoderFor(config.videoEncoder).then(
    (encoder) => log.info(`Encoder ${encoder}`),
    (error: unknown) => log.error("No video encoder works here", { error }),
  );

  const workers = createWorkers(log, {
    threads: config.threads === 0 ? undefined : config.threads,
    ffmpeg,
    device: undefined,
    warmRung,
  });
  const folders = createStreamFolders(
    { clock, log, countPictures: (file, signal) => countPictures(file, { ffprobe }, signal) },
    { dataDir: config.dataDir, listSize: config.listSize },
  );
  const planner = createPlanner(
    { ffprobe, chooseRung, encoderFor },
    { segmentSeconds: config.segmentSeconds, maxOutputHeight: config.maxOutputHeight },
  );
  const secret = await readSecret(join(config.dataDir, "secret"));
  const streams = await createStreams(
    { folders, planner, workers, clock, log },
    { maxStreams: config.maxStreams, secret },
  );
  return { streams, [Symbol.asyncDispose]: () => streams[Symbol.asyncDispose]() };
}
