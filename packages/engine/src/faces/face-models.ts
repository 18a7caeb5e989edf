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
}

const TRIALS_FILE = ".faces.json";
const trialsSchema = z.record(z.string(), faceTrialSchema);
/** Of these threads of one process may use the same GPU at once. */
const PROVIDERS = ["cuda", "cpu"] as const;

export function openFaceModels({
  settings,
  log,
  signal,
  attempt = tryFacesInProcess,
}: FaceModelsParts): FaceModels {
  const folder = createFaceFolder(settings.modelsDir);
  const stored = new JsonFile(join(settings.modelsDir, TRIALS_FILE), trialsSchema, {
    ...{ isDurable: false, indent: 2, makesFolder: true },
  });
  const trials = new Map<string, Promise<FaceTrial>>();
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
    const of = (kind: FaceNetworkFile["kind"]) => files.find((each) => each.kind === kind);
    const [detector, restorer] = [of("detector"), of("restorer")];
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

  return {
    async ready() {
      const work = await chosen();
      const key = [work.detector.hash, work.restorer.hash, ...machine].join(" | ");
      let trial = trials.get(key);
      if (trial === undefined) {
        trial = tryOut(work, key);
        trials.set(key, trial);
        // What failed for the moment's want of memory may work later: a film asks again.
        trial.catch(() => trials.delete(key));
      }
      const { provider } = await trial;
      return { work: { ...work, provider }, trial: await trial };
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
