import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import type { StreamState } from "@upreel/core";
import type { PassCode } from "@upreel/jellyfin";
import { expect, it } from "vitest";
import { arabicWatch } from "../../../../player/src/languages/ar/watch.ts";
import { germanWatch } from "../../../../player/src/languages/de/watch.ts";
import { englishWatch } from "../../../../player/src/languages/en/watch.ts";
import {
  filterOf,
  PRESETS,
  sharpenKernel,
  warmthMatrix,
  type Look,
} from "../../../../player/src/look/look.ts";
import { joinScript } from "./join-script.ts";

const PASS_REASONS = new URL(
  "../../../../../packages/jellyfin/src/playback-info/pass-reason.ts",
  import.meta.url,
);

/** As much of the words as tests look at. */
interface Texts {
  readonly point: string;
  readonly look: string;
  readonly quality: string;
  readonly asLineAllows: string;
  readonly lean: (lines: string) => string;
  readonly presets: object;
  readonly parts: object;
  readonly states: Readonly<Record<StreamState, string>>;
  readonly reasons: Readonly<Record<PassCode, string>>;
}

/** The parts' own functions and constants, as the joined script has them in a client of that language. */
function fromScript(lang = "") {
  const text = joinScript().replace(
    /\}\)\(\);\s*$/,
    "return { filtersOf, PRESETS, texts, describe };\n})();",
  );
  const window = {};
  const document = { addEventListener: () => undefined, body: null, documentElement: { lang } };
  return runInNewContext(text, { window, document, addEventListener: () => undefined }) as {
    readonly PRESETS: Readonly<Record<string, Look>>;
    readonly filtersOf: (look: Look) => { filter: string; warmth: string; sharpen: string };
    readonly texts: () => Texts;
    readonly describe: (now: object) => readonly (readonly [string, string])[];
  };
}

const shapeOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== "reasons")
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, shapeOf(inner)]),
      )
    : typeof value;

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

it.each([
  ["en-us", englishWatch.look],
  ["de", germanWatch.look],
  ["ar-sa", arabicWatch.look],
  ["fr", englishWatch.look],
])(
  "in a client in %s the panel has all its words, and those of Upreel's own page",
  (lang, look) => {
    const said = fromScript(lang).texts();
    expect(shapeOf(said)).toEqual(shapeOf(fromScript().texts()));
    const own = JSON.parse(JSON.stringify({ ...said.presets, ...said.parts, look: said.look }));
    expect(own).toEqual({ ...look?.preset, ...look?.part, look: look?.title });
    const { quality, asLineAllows, lean } = said;
    expect([quality, asLineAllows]).toEqual([look?.quality, look?.asLineAllows]);
    expect(lean("720p")).toBe(look?.lean?.("720p"));
  },
);

it("says in the client's language what it shows and why, and in English what it has no words for", () => {
  const { describe } = fromScript("de-de");
  const stream = {
    ...{ state: "running", width: 1280, height: 720, ratio: 0.349, lead_seconds: 51.6 },
    ...{ speed: 1.62, model: "live", reason: null },
  };
  const reason = { code: "not_ready_in_time", message: "within 1.5 s" };
  const now = { stream, shows: "original", reason };
  expect(JSON.parse(JSON.stringify(describe(now)))).toEqual([
    ["Läuft", "das Original"],
    ["Warum", "Die ersten hochskalierten Bilder waren nicht rechtzeitig da."],
    ["Zustand", "wird hochskaliert, \u20661280×720\u2069"],
    ["Hochskaliert", "34 %"],
    ["Bereit", "52 s im Voraus"],
    ["Tempo", "1,6× Filmtempo"],
    ["Modell", "live"],
  ]);
  const unknown = { ...now, stream: null, reason: { code: "newer", message: "for a new reason" } };
  expect(describe(unknown)[1]?.[1]).toBe("for a new reason");
  // All that there are.
  const codes = readFileSync(PASS_REASONS, "utf8").matchAll(/^ {2}\| "(\w+)"/gm);
  const listed = new Set(Array.from(codes, ([, code]) => code));
  for (const lang of ["de", "ar"])
    expect(new Set(Object.keys(fromScript(lang).texts().reasons))).toEqual(listed);
});
