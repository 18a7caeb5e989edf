import { readFile } from "node:fs/promises";
import { UpreelError } from "@upreel/core";
import { isThere } from "@upreel/files";
import { cartridgePaths } from "./cartridge-paths.ts";
import type { Owner } from "./install-cartridge.ts";

/** Where Jellyfin's packages put their ffmpeg. */
const USUAL = ["/usr/lib/jellyfin-ffmpeg", "/usr/share/jellyfin-ffmpeg", "/opt/jellyfin/ffmpeg"];

/**
 * The folder of Jellyfin's ffmpeg: the one that is named, else one of those with a cartridge (`known`), else where
 * packages put it. Throws `ffmpeg_missing`.
 */
export async function findJellyfin(
  named: string | undefined,
  known: readonly string[],
): Promise<string> {
  const folders = named === undefined ? [...known, ...USUAL] : [named];
  for (const folder of folders) if (await isThere(cartridgePaths(folder).ffmpeg)) return folder;
  throw new UpreelError("ffmpeg_missing", "Jellyfin's ffmpeg is not found", {
    expected: "--jellyfin with the folder in which it lies",
    got: `no ffmpeg in ${folders.join(", ")}`,
  });
}

/**
 * The user as whom Jellyfin runs, who must read the cartridge's settings. Without a name: `jellyfin`, where
 * this process may give files away and there is such a user.
 */
export async function findOwner(name: string | undefined): Promise<Owner | undefined> {
  if (name === undefined && process.getuid?.() !== 0) return undefined;
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  const wanted = name ?? "jellyfin";
  const line = users.split("\n").find((each) => each.startsWith(`${wanted}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  if (name === undefined) return undefined;
  throw new UpreelError("bad_request", `there is no user ${name}`, {
    expected: "--user with the one as whom Jellyfin runs",
  });
}
