import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import {
  filterOf,
  PRESETS,
  sharpenKernel,
  warmthMatrix,
  type Look,
} from "../../../../player/src/look/look.ts";
import { joinScript } from "./join-script.ts";

/** The part's own functions and constants, as the joined script has them. */
function fromScript() {
  const text = joinScript().replace(/\}\)\(\);\s*$/, "return { filtersOf, PRESETS };\n})();");
  const window = {};
  const document = { addEventListener: () => undefined, body: null };
  return runInNewContext(text, { window, document, addEventListener: () => undefined }) as {
    readonly PRESETS: Readonly<Record<string, Look>>;
    filtersOf(look: Look): { filter: string; warmth: string; sharpen: string };
  };
}

it("the panel in Jellyfin shows the same looks as Upreel's own page", () => {
  const script = fromScript();
  expect(JSON.parse(JSON.stringify(script.PRESETS))).toEqual(PRESETS);
  const own: Look = { brightness: 12, contrast: 91, saturation: 3, warmth: 20, sharpen: 77 };
  for (const look of [...Object.values(PRESETS), own]) {
    const { filter, warmth, sharpen } = script.filtersOf(look);
    expect(filter.replaceAll("#upreel-", "#look-")).toBe(filterOf(look));
    expect([warmth, sharpen]).toEqual([warmthMatrix(look), sharpenKernel(look)]);
  }
});

it("browsers of television sets that the button worked in can still read the script (ES2020)", () => {
  // One operator that a browser does not know costs all of it, the subtitles too.
  expect(joinScript()).not.toMatch(/\?\?=|\|\|=|&&=/);
});
