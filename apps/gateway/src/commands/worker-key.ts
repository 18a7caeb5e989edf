import { join } from "node:path";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { UpreelError, type Log } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import type { FarmAddress, FarmTarget } from "@upreel/workers";
import { z } from "zod";

const KEYS_FILE = "farm-keys.json";
/** Of farms that this computer joined, the last ones. */
const MOST_KEYS = 100;
/** As gateways make them. */
const KEY = /^[\w-]{16,100}$/;

const keysSchema = z.array(z.object({ url: z.string(), name: z.string(), key: z.string() }));

/** Where a worker's key is given, the likeliest first. */
export interface KeySources {
  readonly dataDir: string;
  /** Of the environment. */
  readonly given: string | undefined;
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  readonly log: Pick<Log, "warn">;
}

/** A key, and what becomes of it: kept once it proved good, forgotten where it was refused. */
export interface WorkerKey {
  readonly address: FarmAddress;
  keep(): Promise<void>;
  forget(): Promise<void>;
}

/**
 * The key of this computer for a farm. It comes from the environment, from the file where it was kept, or is asked for:
 * a command line is read by everybody on this computer. Throws `bad_request`.
 */
export async function findWorkerKey(target: FarmTarget, sources: KeySources): Promise<WorkerKey> {
  const { url, name } = target;
  const file = new JsonFile(join(sources.dataDir, KEYS_FILE), keysSchema, {
    ...{ isDurable: true, indent: 2, makesFolder: true, mode: 0o600 },
  });
  const kept = (await file.readOrForget()) ?? [];
  const others = kept.filter((each) => each.url !== url || each.name !== name);
  if (target.key !== undefined) {
    sources.log.warn(
      "Anybody on this computer can read the key on the command line. It has been saved: leave it out from now on",
    );
  }
  const key =
    sources.given ??
    target.key ??
    kept.find((each) => !others.includes(each))?.key ??
    (await ask(sources));
  if (!KEY.test(key)) {
    throw new UpreelError("bad_request", "This is not the key of a worker", {
      expected: "what `upreel farm add NAME` printed on the gateway, from FARM_KEY or typed in",
      got: key === "" ? "nothing" : "something else",
    });
  }
  return {
    address: { url, name, key },
    keep: () => file.write([{ url, name, key }, ...others].slice(0, MOST_KEYS)),
    forget: () => file.write(others),
  };
}

/** The next line; what is typed at a terminal is not shown. */
async function ask({ input, output }: KeySources): Promise<string> {
  const isTerminal = input.isTTY === true;
  if (isTerminal) output.write("Key: ");
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: isTerminal });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.once("line", resolve);
  lines.once("close", () => resolve(""));
  // Ctrl-C at the prompt is not told as a signal.
  lines.once("SIGINT", () => process.exit(130));
  const line = await promise;
  lines.close();
  if (isTerminal) output.write("\n");
  return line.trim();
}
