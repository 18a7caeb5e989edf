import { join } from "node:path";
import { toUpreelError, type Leases, type Log } from "@upreel/core";
import { aloneAmongGateways } from "@upreel/engine";
import { JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { z } from "zod";
import type { Playbacks } from "./playbacks.ts";
import {
  viewerChoicesSchema,
  withChoices,
  withoutChanged,
  type ViewerChoices,
} from "./viewer-choices.ts";

const NAME = "viewer-choices.json";
/** What was chosen at another gateway is known here after so long. */
const KNOWN_MS = 1_000;
const NONE: ViewerChoices = { choices: [] };
const hasSome = ({ choices, qualities = [] }: ViewerChoices): boolean =>
  choices.length + qualities.length > 0;

/** A file of another version is as good as none. */
const fileSchema = z.custom<ViewerChoices>((value) => viewerChoicesSchema.safeParse(value).success);

/**
 * What viewers choose at one of several gateways is known to all that share the data folder: it is kept in `viewer-choices.json`
 * there, with what this gateway knew before. A damaged file is begun anew.
 */
export async function shareChoices(
  playbacks: Pick<Playbacks, "onChoice" | "restoreChoices" | "snapshot">,
  dataDir: string,
  { leases, log }: { readonly leases: Leases; readonly log: Pick<Log, "warn"> },
  lookEveryMs = KNOWN_MS,
): Promise<AsyncDisposable> {
  const file = new JsonFile(join(dataDir, NAME), fileSchema, {
    // Who knows a device's name may choose for it.
    ...{ isDurable: false, mode: 0o600, makesFolder: true },
  });
  const { choices, qualities } = playbacks.snapshot();
  /** Chosen before this gateway shared anything, as with version 0.4: whatever the file says of the same is later. */
  let earlier: ViewerChoices = { choices, qualities };
  /** Chosen here, and not in the file yet. */
  let unwritten = NONE;
  /** What the file said when it was last read. */
  let known = NONE;
  let trouble: string | undefined;

  async function read(): Promise<ViewerChoices> {
    const said = (await file.readUnlessDamaged()) ?? NONE;
    earlier = withoutChanged(earlier, NONE, said);
    // A choice could not be written. What was chosen elsewhere since is later than it.
    if (trouble !== undefined) unwritten = withoutChanged(unwritten, known, said);
    known = said;
    return withChoices(withChoices(earlier, said), unwritten);
  }
  async function write(): Promise<void> {
    const all = await read();
    const writing = unwritten;
    await file.write(all);
    [known, earlier] = [all, NONE];
    if (unwritten === writing) unwritten = NONE;
  }
  async function look(): Promise<void> {
    playbacks.restoreChoices(await read());
    if (hasSome(earlier) || hasSome(unwritten)) await aloneAmongGateways(leases, NAME, write);
  }

  const looks = new PQueue({ concurrency: 1 });
  /** One look follows the other; what fails is tried again with the next. */
  async function inTurn(): Promise<void> {
    // The one that waits takes what was chosen meanwhile, too.
    if (looks.size > 0) return;
    try {
      await looks.add(look);
      trouble = undefined;
    } catch (error) {
      const { message } = toUpreelError(error);
      if (message !== trouble)
        log.warn("What viewers chose cannot be told to the other gateways", { error });
      trouble = message;
    }
  }
  const forget = playbacks.onChoice((chosen) => {
    unwritten = withChoices(unwritten, chosen);
    void inTurn();
  });
  const looking = setInterval(() => void inTurn(), lookEveryMs).unref();
  await inTurn();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(looking);
      forget();
      await looks.onIdle();
    },
  };
}
