import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const hurryFile = (folder: string): string => join(folder, "hurry");

/**
 * An ffmpeg whose decoder of pictures reads films at so many times their speed: they are made no faster, however quick the
 * machine is, and are still being made when a test comes to kill, pause or fill something. It costs no work, as a network
 * would that is slow. A test that is late itself must still find its film half made: leave it some tens of seconds.
 */
export async function pacedFfmpeg(folder: string, speed: number): Promise<string> {
  const file = join(folder, `ffmpeg-${speed}`);
  const script = [
    "#!/bin/sh",
    'case "$*" in',
    `*"-f rawvideo -avioflags direct"*)`,
    `  [ -e "${hurryFile(folder)}" ] || exec ffmpeg -readrate ${speed} "$@" ;;`,
    "esac",
    'exec ffmpeg "$@"',
  ];
  await writeFile(file, `${script.join("\n")}\n`);
  await chmod(file, 0o755);
  return file;
}

/** Decoders that start from now on read as fast as they can: the test has done what needs a film that is half made. */
export const letHurry = (folder: string): Promise<void> => writeFile(hurryFile(folder), "");

/** Decoders that start from now on are paced again. */
export const holdBack = (folder: string): Promise<void> => rm(hurryFile(folder), { force: true });
