import { toUpreelError, UpreelError } from "@upreel/core";
import { cleanDataFolder } from "@upreel/watcher";
import { loadConfig } from "../config.ts";
import { lockDataFolder } from "../data-lock.ts";
import { gatewayUrl, listStreams } from "./gateway-client.ts";

const HOUR_MS = 3_600_000;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * `upreel clean`: deletes unfinished streams and leftovers. Finished films stay, and so does all
 * that a running gateway knows: it would not notice.
 */
export async function clean(options: { olderThan: number; dryRun: boolean }): Promise<void> {
  const config = loadConfig();
  await using stack = new AsyncDisposableStack();
  const known = await listStreams(gatewayUrl(config), config.apiToken).catch(
    async (thrown: unknown) => {
      // One that refuses to tell is running all the same, and works in what would be deleted.
      if (toUpreelError(thrown).code !== "not_found") throw thrown;
      if (config.gatewayUrl !== undefined) throw notAlone(config.dataDir);
      // One that is too busy to answer, or is not reached at that address, has the folder all the same.
      stack.use(await lockDataFolder(config.dataDir, "upreel clean", () => undefined));
      return [];
    },
  );
  if (known.length > 0)
    console.log(
      `a gateway is running; ${known.length === 1 ? "its film is" : `its ${known.length} films are`} left alone (delete them on its page)`,
    );
  const { steps, bytes } = await cleanDataFolder(
    config.dataDir,
    {
      nowMs: Date.now(),
      olderThanMs: options.olderThan * HOUR_MS,
      protectedIds: new Set(known.map(({ id }) => id)),
      isDryRun: options.dryRun,
    },
    AbortSignal.any([]),
  );
  for (const step of steps)
    console.log(
      `${options.dryRun ? "would delete" : "deleted"} ${step.path} (${step.why}, ${megabytes(step.bytes)})`,
    );
  console.log(`${megabytes(bytes)} ${options.dryRun ? "would be freed" : "freed"}`);
}

/** Of several gateways one that is not here may be working in what would be deleted. */
const notAlone = (dataDir: string): UpreelError =>
  new UpreelError(
    "invalid_config",
    `Other gateways may be working in ${dataDir}, and none answers here that knows of them`,
    {
      expected:
        "a gateway that runs on this computer; if none runs anywhere, the same command with GATEWAY_URL= (empty)",
    },
  );
