import { setTimeout as sleep } from "node:timers/promises";
import { UpreelError } from "@upreel/core";
import { type FileCalls, directCalls } from "@upreel/sources";

/** A disk that does not answer by then is left to itself: films on it are waited for later. */
const PATIENCE_MS = 2_000;

type State = "folder" | "missing" | "other" | "silent";

/**
 * Looks at the film folders before anything starts, and tells what to warn of. A folder that is missing may be
 * on a disk that is not mounted yet. Throws `invalid_config` for what is a mistake at any time.
 */
export async function checkRoots(
  roots: readonly string[],
  { look }: Pick<FileCalls, "look"> = directCalls,
): Promise<readonly string[]> {
  const states = await Promise.all(roots.map((root) => stateOf(root, look)));
  return roots.flatMap((root, index) => {
    const state = states[index];
    if (state === "folder") return [];
    if (state === "silent") return [`the film folder ${root} does not respond at the moment`];
    if (state === "other")
      throw new UpreelError("invalid_config", `MEDIA_ROOTS: ${root} is a file`, {
        expected: "folders; a single film is started with `npm start -- /path/to/film.mkv`",
      });
    if (/[,;]/.test(root))
      throw new UpreelError("invalid_config", `MEDIA_ROOTS: there is no folder ${root}`, {
        expected: `several folders separated by a colon: MEDIA_ROOTS=${root.split(/\s*[,;]\s*/).join(":")}`,
      });
    return [
      `the film folder ${root} does not exist: check MEDIA_ROOTS, or mount the disk it is on`,
    ];
  });
}

async function stateOf(root: string, look: FileCalls["look"]): Promise<State> {
  const waited = new AbortController();
  const { signal } = waited;
  try {
    return await Promise.race([
      look(root).then(
        (found): State =>
          "errno" in found ? "missing" : found.kind === "folder" ? "folder" : "other",
        (): State => "missing",
      ),
      sleep<State>(PATIENCE_MS, "silent", { ref: false, signal }),
    ]);
  } finally {
    waited.abort();
  }
}
