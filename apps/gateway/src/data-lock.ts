import { randomBytes } from "node:crypto";
import { link, lstat, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { z } from "zod";

const SOCKET = "lock.sock";
/** A socket's path has at most 108 bytes, with a zero at its end; macOS has four fewer. */
const LONGEST_PATH = 103;
/** One that holds the lock answers at once, also under load. */
const ANSWER_MS = 5_000;
const LONGEST_ANSWER = 4_096;

const ownerSchema = z.object({
  pid: z.int(),
  host: z.string().max(255),
  address: z.string().max(300),
  since: z.iso.datetime(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * Makes sure that one Upreel alone works in a data folder: two would delete each other's work. The lock
 * is a socket that its owner answers, and not a file with a process's number: the system closes it
 * with its owner, however that ended, and it holds from one container to another. Throws
 * `invalid_config` that says who has the folder. Where no socket can be made (a network drive,
 * a very long path), nothing is locked, and `onUnlocked` is told why.
 */
export async function lockDataFolder(
  dataDir: string,
  address: string,
  onUnlocked: (why: string) => void,
): Promise<AsyncDisposable> {
  const path = join(dataDir, SOCKET);
  const since = new Date().toISOString();
  const own: Owner = { pid: process.pid, host: hostname(), address, since };
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
    await take(part, path, dataDir);
  } catch (thrown) {
    await close(server);
    throw thrown;
  } finally {
    await rm(part, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true });
      await close(server);
    },
  };
}

/** Gives the socket its name, in place of one whose owner is gone. */
async function take(part: string, path: string, dataDir: string): Promise<void> {
  for (;;) {
    const isTaken = await link(part, path).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "EEXIST") return true;
        throw error;
      },
    );
    if (!isTaken) return;
    const before = await inodeOf(path);
    const owner = await ask(path);
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
    expected: "that one to be stopped first, or another folder in DATA_DIR",
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
