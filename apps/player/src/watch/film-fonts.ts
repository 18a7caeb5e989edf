import type { TracksAnswer } from "@upreel/core";
import { send } from "../api/gateway.ts";
import { readFontNames, type FontNames } from "./font-names.ts";

/** Before a film's own names, so that no film brings letters for the page itself. */
const PREFIX = "film ";

/**
 * Makes a film's fonts known to the page until `signal` aborts. Gives their names in lower letters; one that cannot be
 * used is left out, and scripts that want it are drawn in the browser's.
 */
export async function loadFilmFonts(
  id: string,
  fonts: TracksAnswer["fonts"],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  const load = async ({ index }: TracksAnswer["fonts"][number]): Promise<void> => {
    // By a path of this page: the gateway may be known to others by another name.
    const file = await (await send(`hls/${id}/fonts/${index}`, { signal })).arrayBuffer();
    const names = readFontNames(file);
    for (const face of names === undefined ? [] : facesOf(names, file)) {
      await face.load();
      if (signal.aborted) return;
      document.fonts.add(face);
      signal.addEventListener("abort", () => document.fonts.delete(face));
      known.add(nameIn(face));
    }
  };
  await Promise.allSettled(fonts.map(load));
  return known;
}

const nameIn = ({ family }: FontFace): string =>
  family.replace(/^"|"$/g, "").slice(PREFIX.length).toLowerCase();

/** One for each name. A family has faces by weight and slant; a font's own name stands for it alone, as it is. */
function facesOf(
  { families, fullNames, isBold, isItalic }: FontNames,
  file: ArrayBuffer,
): FontFace[] {
  const style = isItalic ? "italic" : "normal";
  const quoted = (name: string): string => `"${PREFIX}${name.replace(/["\\]/g, "")}"`;
  return [
    ...families.map(
      (name) => new FontFace(quoted(name), file, { weight: isBold ? "700" : "400", style }),
    ),
    ...fullNames
      .filter((name) => !families.includes(name))
      .map((name) => new FontFace(quoted(name), file, { weight: "100 900", style })),
  ];
}

/** The script with the names of the film's own fonts as the page knows them: in styles, and in `\fn` of lines. */
export function withFilmFonts(script: string, known: ReadonlySet<string>): string {
  if (known.size === 0) return script;
  const named = (name: string): string =>
    known.has(name.trim().replace(/^@/, "").toLowerCase())
      ? PREFIX + name.trim().replace(/^@/, "")
      : name;
  return script
    .replace(
      /^(Style:[^,\r\n]*,)([^,\r\n]*)/gm,
      (_, before: string, name: string) => before + named(name),
    )
    .replace(/\\fn([^\\}\r\n]*)/g, (_, name: string) => `\\fn${named(name)}`);
}
