import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError, type Source } from "@upreel/core";
import { fontArguments } from "@upreel/media";
import { streamPaths } from "@upreel/watcher";
import type { BatchMaker } from "../batch-maker.ts";

/** Fonts with all of Chinese are some tens of megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Fonts that films bring for their subtitles. */
export interface Fonts {
  /** The file of the font that is stream `index` of the film. Throws `not_found` if that stream is no font. */
  font(stream: { readonly id: string; readonly source: Source }, index: number): Promise<string>;
}

export function createFonts(deps: {
  readonly dataDir: string;
  readonly pieces: BatchMaker;
}): Fonts {
  return {
    async font({ id, source }, index) {
      const { fonts = [] } = source;
      if (!fonts.some((font) => font.index === index))
        throw new UpreelError("not_found", `stream ${index} of the film is no font`, {
          expected: "a font of /tracks",
        });
      const { renditions, runs } = streamPaths(deps.dataDir, id);
      const folder = join(renditions, "fonts");
      const name = `${index}.font`;
      const what = `font of stream ${index}`;
      await deps.pieces.need(
        {
          ...{ source, what, folder, runs, names: [name] },
          argumentsFor: (work) => [fontArguments(source, index, join(work, name))],
        },
        name,
      );
      const path = join(folder, name);
      const { size } = await stat(path);
      if (size <= MOST_BYTES) return path;
      throw new UpreelError("not_found", `the ${what} is too large`, {
        ...{ expected: `${MOST_BYTES} bytes at most`, got: String(size) },
      });
    },
  };
}
