import { parsePathMap, toUpreelError, UpreelError, type Log, type PathMap } from "@upreel/core";
import { joinFarm } from "@upreel/engine";
import { parseFarmAddress } from "@upreel/workers";
import { loadConfig, takeFarmKey, type Config } from "../config.ts";
import { examineWorker } from "../doctor/doctor.ts";
import { keepEngines } from "../keep-engines.ts";
import { createLog } from "../logging/log.ts";
import { openTempFolder } from "../temp-folder.ts";
import { exitAfter, untilSignalled } from "../shutdown.ts";
import { VERSION } from "../version.ts";
import { findWorkerKey } from "./worker-key.ts";

const SHUTDOWN_MS = 10_000;

/** `upreel worker --join ADDRESS`: upscales for another computer's gateway until it is signalled. */
export async function worker({
  join,
  pathMap = [],
}: {
  readonly join: string;
  readonly pathMap?: readonly string[];
}): Promise<void> {
  const target = parseFarmAddress(join);
  const config = loadConfig();
  const sharedFolders = [...pathMap.flatMap(readPathMap), ...config.jellyfin.pathMap];
  const log = createLog({ level: config.logLevel, isTerminal: process.stdout.isTTY === true });
  const key = await findWorkerKey(target, {
    ...{ dataDir: config.dataDir, given: takeFarmKey(), log },
    ...{ input: process.stdin, output: process.stdout },
  });
  const signal = untilSignalled();
  signal.addEventListener("abort", () => exitAfter(SHUTDOWN_MS), { once: true });
  await using _folder = await openTempFolder();
  await keepEngines(config, log);
  const here = sharedFolders.map(({ to }) => to);
  const problems = await findProblems(config, here, log);
  const options = {
    ...{ address: key.address, version: VERSION, sharedFolders, problems },
    onLetIn: () =>
      void key.keep().catch((error: unknown) => log.warn("The key could not be saved", { error })),
  };
  await joinFarm(config, options, log, signal).catch(async (thrown: unknown) => {
    // At the next start it is asked for.
    if (toUpreelError(thrown).code === "unauthorized") await key.forget();
    throw thrown;
  });
}

/** What could be better on this computer, for people; throws what stops it from being a worker. */
async function findProblems(
  config: Config,
  sharedFolders: readonly string[],
  log: Log,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for await (const { verdict, message, fix } of examineWorker(config, sharedFolders)) {
    if (verdict === "good" || verdict === "note") continue;
    if (verdict === "bad") {
      throw new UpreelError("invalid_config", `This computer cannot be a worker: ${message}`, {
        expected: fix,
      });
    }
    log.warn(message, { fix });
    problems.push(message);
  }
  return problems;
}

function readPathMap(text: string): PathMap {
  const map = parsePathMap(text);
  if (map !== undefined) return map;
  throw new UpreelError("bad_request", "a pair of folders of --path-map cannot be read", {
    expected: "/films=/mnt/films",
    got: text.slice(0, 200),
  });
}
