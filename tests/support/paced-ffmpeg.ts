import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * An ffmpeg whose decoder of pictures reads films at so many times their speed: they are made no faster, however quick the
 * machine is, and are still being made when a test comes to kill, pause or fill something. It costs no work, as a network
 * would that is slow.
 */
export async function pacedFfmpeg(folder: string, speed: number): Promise<string> {
  const file = join(folder, `ffmpeg-${speed}`);
  const script = [
    "#!/bin/sh",
    'case "$*" in',
    `*"-f rawvideo -avioflags direct"*) exec ffmpeg -readrate ${speed} "$@" ;;`,
    "esac",
    'exec ffmpeg "$@"',
  ];
  await writeFile(file, `${script.join("\n")}\n`);
  await chmod(file, 0o755);
  return file;
}
