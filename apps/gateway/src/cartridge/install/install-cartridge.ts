import { execFile } from "node:child_process";
import { chmod, chown, link, rename, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { UpreelError } from "@upreel/core";
import { isThere, JsonFile, makeFolder } from "@upreel/files";
import { cartridgeSchema, type Cartridge } from "../cartridge-file.ts";
import { cartridgePaths } from "./cartridge-paths.ts";
import { readShim, shimText } from "./shim.ts";

/** Who runs Jellyfin, and so the cartridge. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type CartridgeOptions = Pick<Cartridge, "url" | "token" | "wait_seconds"> & {
  /** Undefined: whoever installs it. */
  readonly owner: Owner | undefined;
};

/** Puts the shim before the ffmpeg in `folder`, or does what is missing of it. Leaves nothing behind where it fails. */
export async function installCartridge(folder: string, options: CartridgeOptions): Promise<void> {
  const { ffmpeg, real, file, sessions, compiled } = cartridgePaths(folder);
  if (!(await isThere(ffmpeg)))
    throw new UpreelError("ffmpeg_missing", `there is no ffmpeg in ${folder}`, {
      expected: "--jellyfin with the folder of Jellyfin's ffmpeg, such as /usr/lib/jellyfin-ffmpeg",
    });
  const { owner, ...kept } = options;
  const cartridge: Cartridge = { ...kept, ffmpeg: real, sessions };
  try {
    for (const path of [sessions, compiled]) await makeFolder(path);
    // It may hold the gateway's token.
    const how = { isDurable: true, mode: 0o600, indent: 1 };
    await new JsonFile(file, cartridgeSchema, how).write(cartridge);
    if (owner !== undefined)
      for (const path of [file, sessions, compiled]) await chown(path, owner.uid, owner.gid);
    await putShim(folder);
    await readVersion(ffmpeg);
  } catch (thrown) {
    await uninstallCartridge(folder).catch(() => undefined);
    if (thrown instanceof UpreelError) throw thrown;
    throw new UpreelError("invalid_config", `the cartridge cannot be put into ${folder}`, {
      expected: "a folder that may be written: try again with sudo",
      got: String(thrown),
      cause: thrown,
    });
  }
}

/**
 * Makes the program at ffmpeg's path the real one, if it is not the shim, and puts the shim there. At no moment is
 * there no ffmpeg.
 */
export async function putShim(folder: string): Promise<void> {
  const { ffmpeg, real } = cartridgePaths(folder);
  if ((await readShim(ffmpeg)) === undefined) {
    await readVersion(ffmpeg);
    const next = `${real}.part`;
    await rm(next, { force: true });
    await link(ffmpeg, next);
    await rename(next, real);
  }
  const shim = `${ffmpeg}.upreel-part`;
  await writeFile(shim, shimText(folder), { mode: 0o755 });
  await chmod(shim, 0o755);
  await rename(shim, ffmpeg);
}

/** Everything as it was before; a program that has taken the shim's place meanwhile stays. */
export async function uninstallCartridge(folder: string): Promise<void> {
  const { ffmpeg, real, own, file } = cartridgePaths(folder);
  const isShim = (await readShim(ffmpeg)) !== undefined;
  if (isShim && !(await isThere(real)))
    throw new UpreelError("ffmpeg_missing", `Jellyfin's own ffmpeg is no longer at ${real}`, {
      expected: "install Jellyfin's ffmpeg again (apt install --reinstall jellyfin-ffmpeg7)",
    });
  // First, so that nobody puts the shim back.
  await rm(file, { force: true });
  if (isShim) await rename(real, ffmpeg);
  for (const path of [real, `${real}.part`, `${ffmpeg}.upreel-part`, own])
    await rm(path, { recursive: true, force: true });
}

/** The first line of `ffmpeg -version`. Throws `ffmpeg_missing` where it is no ffmpeg, or not whole yet. */
export async function readVersion(ffmpeg: string): Promise<string> {
  const run = promisify(execFile);
  try {
    const { stdout } = await run(ffmpeg, ["-version"], { timeout: 60_000 });
    const [line = ""] = stdout.split("\n");
    if (line.startsWith("ffmpeg version")) return line;
    throw new Error(`it says ${line.slice(0, 100)}`);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    throw new UpreelError("ffmpeg_missing", `${ffmpeg} does not work`, {
      ...{ expected: "a program that answers -version as ffmpeg does", got, cause },
    });
  }
}
