import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import {
  faceTrialSchema,
  toUpreelError,
  UpreelError,
  type FaceTrial,
  type FaceWork,
  type Log,
} from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { tryFacesInProcess } from "@upreel/workers";
import { z } from "zod";
import type { EngineSettings } from "../settings.ts";
import { createFaceFolder, type FaceNetworkFile } from "./face-folder.ts";

/** What restores faces on this machine, and what it takes. */
export interface FacesHere {
  readonly work: Omit<FaceWork, "strength">;
  readonly trial: FaceTrial;
}

export interface FaceModels {
  /** Whether there is one that finds faces and one that restores them; whether they work is not known yet. */
  areHere(): Promise<boolean>;
  /** Tried out where that was not done yet. Throws `model_unknown` with what to do, or why they cannot be used. */
  ready(): Promise<FacesHere>;
  /** Path here of the network with this hash. */
  fileOf(hash: string): Promise<string | undefined>;
}

export interface FaceModelsParts {
  readonly settings: Pick<EngineSettings, "modelsDir" | "providers">;
  readonly log: Pick<Log, "info" | "warn">;
  readonly signal: AbortSignal;
  readonly attempt?: typeof tryFacesInProcess;
  readonly nowMs?: () => number;
}

const TRIALS_FILE = ".faces.json";
const trialsSchema = z.record(z.string(), faceTrialSchema);
/** Providers that allow several threads of one process to use the same GPU at once. */
const PROVIDERS = ["cuda", "cpu"] as const;
/** What failed may work later, when there is more memory; but each film waits for a trial, which may take a minute. */
const FAILED_FOR_MS = 10 * 60_000;

export function openFaceModels({
  settings,
  log,
  signal,
  attempt = tryFacesInProcess,
  nowMs = Date.now,
}: FaceModelsParts): FaceModels {
  const folder = createFaceFolder(settings.modelsDir);
  const stored = new JsonFile(join(settings.modelsDir, TRIALS_FILE), trialsSchema, {
    ...{ isDurable: false, indent: 2, makesFolder: true },
  });
  const trials = new Map<string, { readonly trial: Promise<FaceTrial>; untilMs: number }>();
  const machine = [cpus()[0]?.model, availableParallelism(), process.versions.node];

  /** By the best provider that works. */
  async function tryOut(work: Omit<FaceWork, "strength">, key: string): Promise<FaceTrial> {
    const kept = (await stored.readOrForget()) ?? {};
    if (kept[key] !== undefined) return kept[key];
    let failure: unknown;
    for (const provider of PROVIDERS) {
      if (provider !== "cpu" && !settings.providers.includes(provider)) continue;
      try {
        const trial = await attempt({ ...work, provider }, signal);
        await stored.write({ ...kept, [key]: trial }).catch(() => undefined);
        log.info(
          `Faces are restored by ${work.restorer.id} on ${provider}: ` +
            `${trial.restoreSeconds.toFixed(2)} s a face`,
        );
        return trial;
      } catch (thrown) {
        signal.throwIfAborted();
        failure = thrown;
      }
    }
    log.warn(`Faces cannot be restored: ${toUpreelError(failure).message}`, { error: failure });
    throw failure;
  }

  async function chosen(): Promise<Omit<FaceWork, "strength">> {
    const files = await folder.list();
    const { detector, restorer } = oneOfEach(files);
    if (detector === undefined || restorer === undefined)
      throw new UpreelError("model_unknown", "No network for faces is here", {
        expected: "one that finds faces and one that restores them: `upreel faces download`",
        got: files.map(({ id }) => id).join(", ") || "none",
      });
    const [found, restored] = await Promise.all(
      [detector, restorer].map((each) => folder.identify(each)),
    );
    if (found === undefined || restored === undefined)
      throw new UpreelError("internal", "Networks for faces without names");
    return { provider: "cpu", detector: found, restorer: restored };
  }

  /** Tried out once, by all who ask. */
  function trialOf(work: Omit<FaceWork, "strength">): Promise<FaceTrial> {
    const key = [work.detector.hash, work.restorer.hash, ...machine].join(" | ");
    const known = trials.get(key);
    if (known !== undefined && nowMs() < known.untilMs) return known.trial;
    const begun = { trial: tryOut(work, key), untilMs: Infinity };
    trials.set(key, begun);
    begun.trial.catch(() => (begun.untilMs = nowMs() + FAILED_FOR_MS));
    return begun.trial;
  }

  return {
    async areHere() {
      const { detector, restorer } = oneOfEach(await folder.list());
      return detector !== undefined && restorer !== undefined;
    },
    async ready() {
      const work = await chosen();
      const trial = await trialOf(work);
      return { work: { ...work, provider: trial.provider }, trial };
    },
    async fileOf(hash) {
      for (const file of await folder.list()) {
        const { hash: its } = await folder.identify(file);
        if (its === hash) return file.file;
      }
      return undefined;
    },
  };
}

const oneOfEach = (files: readonly FaceNetworkFile[]) => ({
  detector: files.find(({ kind }) => kind === "detector"),
  restorer: files.find(({ kind }) => kind === "restorer"),
});
