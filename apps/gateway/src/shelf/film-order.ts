import { extname } from "node:path";
import type { IndexedFilm } from "./film-index.ts";

/** Titles as people sort them: "Film 9" before "Film 10". */
export const byTitle = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** "Heat.mkv" before "Heat 2.mkv": by their whole paths a space would come before the dot. */
export const byPath = (a: IndexedFilm, b: IndexedFilm): number =>
  byTitle.compare(withoutExtension(a.path), withoutExtension(b.path)) ||
  byTitle.compare(a.path, b.path);
const withoutExtension = (path: string): string =>
  path.slice(0, path.length - extname(path).length);
