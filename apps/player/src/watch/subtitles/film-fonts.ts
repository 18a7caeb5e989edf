import type { TracksAnswer } from "@upreel/core";
import { send } from "../../api/gateway.ts";
import { readFontNames, type FontNames } from "./font-names.ts";

/**
 * What the page calls a font of the film: with a prefix, so that no film brings letters for the page itself. One word of
 * CSS, which means the same with quotes and without: Chromium takes the quotes of a `FontFace` for a part of its name,
 * and never found it; Firefox wants them where a name is no word.
 */
export const familyOf = (name: string): string =>
  `film-${name.toLowerCase().replace(/[^a-z0-9\u0080-\uffff]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}`)}`;

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
    for (const [name, face] of names === undefined ? [] : facesOf(names, file)) {
      await face.load();
      if (signal.aborted) return;
      document.fonts.add(face);
      signal.addEventListener("abort", () => document.fonts.delete(face));
      known.add(name.toLowerCase());
    }
  };
  await Promise.allSettled(fonts.map(load));
  return known;
}

/** One for each name. A family has faces by weight and slant; a font's own name stands for it alone, as it is. */
function facesOf(
  { families, fullNames, isBold, isItalic }: FontNames,
  file: ArrayBuffer,
): (readonly [name: string, face: FontFace])[] {
  const style = isItalic ? "italic" : "normal";
  const faceOf = (name: string, weight: string) =>
    [name, new FontFace(familyOf(name), file, { weight, style })] as const;
  return [
    ...families.map((name) => faceOf(name, isBold ? "700" : "400")),
    ...fullNames.filter((name) => !families.includes(name)).map((name) => faceOf(name, "100 900")),
  ];
}

/** The script with the names of the film's own fonts as the page knows them: in styles, and in `\fn` of lines. */
export function withFilmFonts(script: string, known: ReadonlySet<string>): string {
  if (known.size === 0) return script;
  const named = (name: string): string => {
    const own = name.trim().replace(/^@/, "");
    return known.has(own.toLowerCase()) ? familyOf(own) : name;
  };
  return script
    .replace(
      /^(Style:[^,\r\n]*,)([^,\r\n]*)/gm,
      (_, before: string, name: string) => before + named(name),
    )
    .replace(/\\fn([^\\}\r\n]*)/g, (_, name: string) => `\\fn${named(name)}`);
}
