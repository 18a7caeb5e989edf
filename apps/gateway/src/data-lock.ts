import { randomBytes } from "node:crypto";
import { link, lstat, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UpreelError } from "@upreel/core";
import { z } from "zod";

const SOCKET = "lock.sock";
/** A socket's path has at most 108 bytes, with a zero at its end; macOS has four fewer. */
const LONGEST_PATH = 103;
/** One that holds the lock answers at once, also under load. */
const ANSWER_MS = 5_000;
const LONGEST_ANSWER = 4_096;
const AGAIN_MS = 2_000;

const ownerSchema = z.object({
  pid: z.int(),
  host: z.string().max(255),
  address: z.string().max(300),
  since: z.iso.datetime(),
  /** What those have in common that may work there together; absent: it insists on being alone. */
  shares: z.string().max(100).optional(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * Makes sure that one Upreel alone works in a data folder: two would delete each other's work. The lock
 * is a socket that its owner answers, and not a file with a process's number: the system closes it
 * with its owner, however that ended, and it holds from one container to another. Throws
 * `invalid_config` that says who has the folder. Where no socket can be made (a network drive,
 * a very long path), nothing is locked, and `onUnlocked` is told why. Gateways that share it by leases (`shares`: of the
 * same server) let each other in, and nobody else.
 */
export async function lockDataFolder(
  dataDir: string,
  address: string,
  onUnlocked: (why: string) => void,
  shares?: string,
): Promise<AsyncDisposable> {
  const path = join(dataDir, SOCKET);
  const since = new Date().toISOString();
  const own: Owner = {
    ...{ pid: process.pid, host: hostname(), address, since },
    ...(shares === undefined ? {} : { shares }),
  };
  const part = `${path}.${randomBytes(4).toString("hex")}`;
  if (Buffer.byteLength(part) > LONGEST_PATH) return unlocked(onUnlocked, "its path is too long");
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(JSON.stringify(own));
  });
  // It keeps no process alive that has nothing else to do.
  server.unref();
  const refusal = await listen(server, part);
  if (refusal !== undefined) return unlocked(onUnlocked, refusal);
  try {
    const isAlone = await take({ part, path, dataDir, shares });
    if (!isAlone) return heldLater(server, { part, path, dataDir, shares });
    return await held(server, path, part);
  } catch (thrown) {
    await close(server);
    await rm(part, { force: true });
    throw thrown;
  }
}

async function held(server: Server, path: string, part: string): Promise<AsyncDisposable> {
  await rm(part, { force: true });
  return {
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true });
      await close(server);
    },
  };
}

/** Beside others, whoever has the lock: it is taken over when that one ends, so that nobody else is let in. */
function heldLater(server: Server, taking: Taking): AsyncDisposable {
  const ending = new AbortController();
  const { signal } = ending;
  const later = (async () => {
    for (;;) {
      await sleep(AGAIN_MS, undefined, { signal, ref: false });
      if (await take(taking).catch(() => false)) return held(server, taking.path, taking.part);
    }
  })().catch(() => undefined);
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      const lock = await later;
      if (lock !== undefined) return lock[Symbol.asyncDispose]();
      await rm(taking.part, { force: true });
      await close(server);
    },
  };
}

interface Taking {
  /** The socket under a name of its own. */
  readonly part: string;
  readonly path: string;
  readonly dataDir: string;
  readonly shares: string | undefined;
}

/** Gives the socket its name, in place of one whose owner is gone. False: its owner shares the folder with this one. */
async function take({ part, path, dataDir, shares }: Taking): Promise<boolean> {
  for (;;) {
    const isTaken = await link(part, path).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "EEXIST") return true;
        throw error;
      },
    );
    if (!isTaken) return true;
    const before = await inodeOf(path);
    const owner = await ask(path);
    const isShared = owner !== undefined && owner !== "unknown" && owner.shares !== undefined;
    if (isShared && owner.shares === shares) return false;
    if (owner !== undefined) throw inUse(dataDir, owner);
    // Two that start at the same moment: what is put aside must be what was asked.
    const aside = `${part}.old`;
    await rename(path, aside).catch(() => undefined);
    if ((await inodeOf(aside)) !== before) await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
  }
}

const inodeOf = (path: string): Promise<number | undefined> =>
  lstat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );

/** Who answers at the socket; undefined when nobody does. */
function ask(path: string): Promise<Owner | "unknown" | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(path);
    socket.setEncoding("utf8");
    socket.setTimeout(ANSWER_MS, () => {
      // It was accepted by somebody who is too busy to speak.
      socket.destroy();
      resolve("unknown");
    });
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_ANSWER) socket.destroy();
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(readOwner(text)));
  });
}

function readOwner(text: string): Owner | "unknown" {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? "unknown";
  } catch {
    return "unknown";
  }
}

function inUse(dataDir: string, owner: Owner | "unknown"): UpreelError {
  const who =
    owner === "unknown"
      ? "another Upreel"
      : `the Upreel that was started at ${new Date(owner.since).toLocaleString()} ` +
        `(${owner.address}, process ${owner.pid} on ${owner.host})`;
  return new UpreelError("invalid_config", `the data folder ${dataDir} is in use by ${who}`, {
    expected:
      "that one to be stopped first, another folder in DATA_DIR, or the same FARM_URL and a GATEWAY_URL for both",
  });
}

/** What is in the way; undefined: it listens. */
function listen(server: Server, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.listen(path, () => resolve(undefined));
  });
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => void server.close(() => resolve()));

function unlocked(onUnlocked: (why: string) => void, why: string): AsyncDisposable {
  onUnlocked(why);
  return { [Symbol.asyncDispose]: () => Promise.resolve() };
}
