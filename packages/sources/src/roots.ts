import { normalize } from "node:path";
import type { FileCalls } from "./file-calls.ts";
import { isInside } from "./is-inside.ts";

/** Where a root leads is asked again after this. */
const KNOWN_FOR_MS = 10_000;

/** Folders whose files may be upscaled: as they are given, and where they really are. */
export interface Roots {
  /** Whether `path`, absolute and normalized, is in one of `roots`, or in the place that one leads to. */
  hold(roots: readonly string[], path: string): Promise<boolean>;
  /** All roots as they are given and where they are. */
  places(roots: readonly string[]): Promise<string[]>;
}

/** Asks where a root leads only when that decides: one on a dead disk holds up no film of the others. */
export function createRoots({ look }: Pick<FileCalls, "look">): Roots {
  const known = new Map<string, { readonly real: string; readonly atMs: number }>();

  /** One that does not exist (an unmounted disk) stays as given. */
  async function realOf(root: string): Promise<string> {
    const before = known.get(root);
    if (before !== undefined && performance.now() - before.atMs < KNOWN_FOR_MS) return before.real;
    const given = normalize(root);
    const real = await look(given).then(
      (found) => found.real,
      () => before?.real ?? given,
    );
    known.set(root, { real, atMs: performance.now() });
    return real;
  }

  async function places(roots: readonly string[]): Promise<string[]> {
    const real = await Promise.all(roots.map(realOf));
    return [...roots.map((root) => normalize(root)), ...real];
  }

  return {
    places,
    async hold(roots, path) {
      if (roots.some((root) => isInside(normalize(root), path))) return true;
      return (await places(roots)).some((root) => isInside(root, path));
    },
  };
}
