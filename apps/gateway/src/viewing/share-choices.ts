import { join } from "node:path";
import type { Leases, Log } from "@upreel/core";
import { aloneAmongGateways } from "@upreel/engine";
import { JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { z } from "zod";
import type { Playbacks } from "./playbacks.ts";
import { viewerChoicesSchema, withChoices, type ViewerChoices } from "./viewer-choices.ts";

const NAME = "viewer-choices.json";
/** What was chosen at another gateway is known after so long. */
const KNOWN_MS = 1_000;
const NONE: ViewerChoices = { choices: [] };

/** One of another version is as good as none. */
const fileSchema = z.custom<ViewerChoices>((value) => viewerChoicesSchema.safeParse(value).success);

/**
 * What viewers choose at one of several gateways is known to all that share the data folder: it is kept in `viewer-choices.json`
 * there. A damaged one is begun anew.
 */
export async function shareChoices(
  playbacks: Pick<Playbacks, "onChoice" | "restoreChoices">,
  dataDir: string,
  { leases, log }: { readonly leases: Leases; readonly log: Pick<Log, "warn"> },
  lookEveryMs = KNOWN_MS,
): Promise<AsyncDisposable> {
  const file = new JsonFile(join(dataDir, NAME), fileSchema, {
    // Who knows a device's name may choose for it.
    ...{ isDurable: false, mode: 0o600, makesFolder: true },
  });
  let unwritten = NONE;
  const read = async (): Promise<ViewerChoices> =>
    withChoices((await file.readOrForget()) ?? NONE, unwritten);
  const take = async (): Promise<void> => playbacks.restoreChoices(await read());

  const changes = new PQueue({ concurrency: 1 });
  /** One follows the other; what fails is tried again with the next. */
  const inTurn = (work: () => Promise<void>): void => {
    changes.add(work).catch((error: unknown) => {
      log.warn("What viewers chose cannot be told to the other gateways", { error });
    });
  };
  async function write(): Promise<void> {
    const writing = unwritten;
    if (writing === NONE) return;
    await file.write(await read());
    if (unwritten === writing) unwritten = NONE;
  }
  const forget = playbacks.onChoice((chosen) => {
    unwritten = withChoices(unwritten, chosen);
    inTurn(() => aloneAmongGateways(leases, NAME, write));
  });
  const looking = setInterval(() => inTurn(take), lookEveryMs).unref();
  await take();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(looking);
      forget();
      await changes.onIdle();
    },
  };
}
