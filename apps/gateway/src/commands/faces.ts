import { resolve } from "node:path";
import { SingleBar } from "cli-progress";
import { toUpreelError } from "@upreel/core";
import { openFaceLibrary, openFaceModels } from "@upreel/engine";
import { callerFolder, loadConfig, type Config } from "../config.ts";
import { untilSignalled } from "../shutdown.ts";

const KINDS = { detector: "finds faces", restorer: "restores faces" } as const;

/** `upreel faces`. */
export async function listFaceModels(): Promise<void> {
  const config = loadConfig();
  for (const { id, kind, isHere, sizeBytes, known } of await (
    await openFaceLibrary(config)
  ).list()) {
    const licence =
      known === undefined ? "your own" : `${known.name}, ${known.licence}, ${known.credit}`;
    const where = isHere ? "here" : "to download";
    const size = `${Math.max(1, Math.round(sizeBytes / 1e6))} MB`;
    console.log(
      `${id.padEnd(24)} ${KINDS[kind].padEnd(15)} ${where.padEnd(12)} ${size.padStart(7)}  ${licence}`,
    );
  }
  await tellTrial(config);
}

/** `upreel faces download [ids]`. */
export async function downloadFaceModels(ids: readonly string[]): Promise<void> {
  const config = loadConfig();
  const library = await openFaceLibrary(config);
  const bar = new SingleBar({ format: "{id} {bar} {percentage} %", hideCursor: true });
  let shown: string | undefined;
  try {
    const loaded = await library.download(
      ids,
      ({ id, size_bytes: total }, bytes) => {
        if (shown !== id) bar.start(total, 0, { id });
        shown = id;
        bar.update(bytes);
      },
      untilSignalled(),
    );
    if (loaded.length === 0) console.log("nothing to download: it is here already");
  } finally {
    bar.stop();
  }
  await tellTrial(config);
}

/** `upreel faces import <file>`. */
export async function importFaceModel(file: string): Promise<void> {
  const config = loadConfig();
  const id = await (await openFaceLibrary(config)).add(resolve(callerFolder(), file));
  console.log(`${id} is now among the models for faces`);
  await tellTrial(config);
}

/** `upreel faces remove <id>`. */
export async function removeFaceModel(id: string): Promise<void> {
  await (await openFaceLibrary(loadConfig())).remove(id);
  console.log(`deleted ${id}`);
}

/** Whether faces can be restored by now. */
async function tellTrial(config: Config): Promise<void> {
  const log = { info: () => undefined, warn: () => undefined };
  const models = openFaceModels({ settings: config, log, signal: untilSignalled() });
  try {
    const { work, trial } = await models.ready();
    const seconds = trial.restoreSeconds.toFixed(2);
    console.log(
      `faces are restored by ${work.restorer.id} on ${trial.provider}, ${seconds} s for each`,
    );
    if (!config.faces.isOn) console.log("to have it done in all films, set FACES=on");
  } catch (thrown) {
    const { message, expected, got } = toUpreelError(thrown);
    console.log(`faces cannot be restored yet: ${message}`);
    if (expected !== undefined) console.log(`  needed: ${expected}`);
    if (got !== undefined) console.log(`  there is: ${got}`);
  }
}
