import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { cartridgePaths } from "./cartridge-paths.ts";

const HEAD = "#!/bin/sh\n# Upreel's cartridge before Jellyfin's ffmpeg";
const RUN = fileURLToPath(new URL("../session/run-cartridge.ts", import.meta.url));

/** For sh, as one word. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The shim in ffmpeg's place. It starts nothing of its own but for a transcode to HLS of a picture that is not copied;
 * where Upreel has gone, nothing of it is missed.
 */
export function shimText(folder: string, node = process.execPath): string {
  const { real, file, compiled } = cartridgePaths(folder);
  const upreel = [node, "--disable-warning=ExperimentalWarning", RUN, file];
  return `${HEAD}; \`upreel cartridge uninstall\` takes it away.
case " $* " in
*" -codec:v:0 copy "*) ;;
*" -f hls "*)
  if [ -x ${quoted(node)} ] && [ -r ${quoted(RUN)} ] && [ -r ${quoted(file)} ]; then
    NODE_COMPILE_CACHE=${quoted(compiled)} exec ${upreel.map(quoted).join(" ")} "$@"
  fi
  ;;
esac
exec ${quoted(real)} "$@"
`;
}

/** No shim is longer than this, so more is never read of a file: enough to tell whether it is one. */
const MOST_BYTES = 16_384;

/** The shim at this path; undefined for anything else, or nothing. */
export async function readShim(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    const text = buffer.toString("utf8", 0, bytesRead);
    return text.startsWith(HEAD) ? text : undefined;
  } catch {
    return undefined;
  }
}
