import { readFile, writeFile } from "node:fs/promises";
import { runFfmpeg } from "@upreel/testkit";
import {
  beepsOf,
  lengthOf,
  picturesIn,
  picturesOf,
  type MadeFilm,
  type MadePiece,
} from "./film-content.ts";
import type { FilmSpec } from "./film-spec.ts";
import { pieceArguments } from "./piece-arguments.ts";

/** Makes `spec` in a file of `folder`. */
export async function makeFilm(spec: FilmSpec, folder: string): Promise<MadeFilm> {
  const path = `${folder}/film.${spec.container}`;
  const made: MadePiece[] = [];
  const files: string[] = [];
  let number = 0;
  for (const [i, piece] of spec.pieces.entries()) {
    const file = spec.pieces.length === 1 ? path : `${folder}/piece-${i}.${spec.container}`;
    const pictures = picturesOf(spec, piece, number);
    await runFfmpeg(await pieceArguments(spec, piece, number, folder, file));
    files.push(file);
    made.push({
      ...{ pictures, beeps: beepsOf(spec, piece) },
      seconds: lengthOf(spec, i, pictures, number),
      lastPictureSeconds: spec.pace.kind === "change" ? 1 / spec.pace.first : 0,
    });
    number += Math.round(picturesIn(spec, piece));
  }
  if (files.length > 1) {
    const parts = await Promise.all(files.map((file) => readFile(file)));
    await writeFile(path, Buffer.concat(parts));
  }
  return { path, pieces: made, slackFrames: spec.container === "vob" ? 1 : 0 };
}
