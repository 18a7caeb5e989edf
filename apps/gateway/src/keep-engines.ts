import { join } from "node:path";
import { toUpreelError, type Log } from "@upreel/core";
import { compiledEngines, readGpuFacts } from "@upreel/engine";
import { useEnvironment, type Config } from "./config.ts";

/** From now on all processes that infer keep what TensorRT compiles: beside the models, or with what is this gateway's own. */
export async function keepEngines(
  { dataDir, ownDir, modelsDir, vulkanDrivers, providers }: Config,
  log: Pick<Log, "warn">,
): Promise<void> {
  if (!providers.includes("tensorrt")) return;
  try {
    const facts = await readGpuFacts(vulkanDrivers);
    const folder = ownDir === dataDir ? modelsDir : ownDir;
    useEnvironment(await compiledEngines(join(folder, ".engines"), facts));
  } catch (thrown) {
    log.warn(`What TensorRT compiles is not saved: ${toUpreelError(thrown).message}`);
  }
}
