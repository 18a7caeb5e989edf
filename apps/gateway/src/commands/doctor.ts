import type { Finding } from "@upreel/core";
import { chooseEncoder } from "@upreel/media";
import { loadConfig, type Config } from "../config.ts";
import { examine } from "../doctor/doctor.ts";
import { heldUp, inHardware } from "../doctor/held-up.ts";
import { gatewayUrl, listStreams } from "./gateway-client.ts";

const MARK = { good: "ok  ", note: "--  ", warning: "warn", bad: "BAD " } as const;
const TRIALS_MS = 60_000;

/** `upreel doctor`: exit code 1 when something stops Upreel from working. */
export async function doctor(): Promise<void> {
  const config = loadConfig();
  for await (const finding of examine(config, config.mediaRoots)) print(finding);
  for (const finding of await findRunningFilms(config)) print(finding);
}

function print({ what, verdict, message, fix }: Finding): void {
  console.log(`${MARK[verdict]} ${what.padEnd(11)} ${message}`);
  if (fix !== undefined)
    console.log(`${" ".repeat(17)}to fix it: ${fix.replace(/^`([^`]*)`$/, "$1")}`);
  if (verdict === "bad") process.exitCode = 1;
}

/** What holds up the films that a gateway of these settings makes now; nothing where there is none. */
export async function findRunningFilms(
  config: Pick<Config, "host" | "port" | "publicUrl" | "apiToken" | "ffmpeg">,
): Promise<readonly Finding[]> {
  const streams = await listStreams(gatewayUrl(config), config.apiToken).catch(() => []);
  const films = streams.map(({ title, encoder, stages }) => ({
    ...{ title, encoder, stage: stages?.held_up_by },
  }));
  return heldUp(films, async () =>
    inHardware((await chooseEncoder("auto", config, AbortSignal.timeout(TRIALS_MS))).encoder),
  );
}
