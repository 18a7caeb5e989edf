import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { versionNames } from "./version-names.ts";

type Named = Parameters<typeof versionNames>[0][number];
const version = (change: Partial<Named>): Named => ({
  ...{ wanted_model: "best", width: 1920, height: 1080, quality: 20, faces: "off" },
  ...{ encoder: "libx264", wanted_at: 0, model: null, model_name: null, wanted_sharpness: null },
  ...change,
});

beforeEach(() => vi.stubGlobal("document", { documentElement: { lang: "en" } }));
afterEach(() => vi.unstubAllGlobals());

it("names versions by their models, and by what else tells them apart", () => {
  expect(versionNames([version({}), version({ wanted_model: "fast" })])).toEqual(["Best", "Fast"]);
  expect(versionNames([version({}), version({ quality: 16 })])).toEqual([
    ...["Best\u00a0· high video quality (20)", "Best\u00a0· highest video quality (16)"],
  ]);
  expect(versionNames([version({ quality: 24 }), version({ quality: 30 })])).toEqual([
    ...["Best\u00a0· medium video quality (24)", "Best\u00a0· small file (30)"],
  ]);
  expect(versionNames([version({}), version({ wanted_sharpness: 0 })])).toEqual([
    ...["Best", "Best\u00a0· Faithful"],
  ]);
  expect(versionNames([version({ faces: "on" }), version({ width: null, height: null })])).toEqual([
    ...["Best\u00a0· \u20661920×1080\u2069\u00a0· faces restored", "Best"],
  ]);
});

it("a model that was named by its id is called as people call it", () => {
  const named = { wanted_model: "upreel-x2-full16", model: "upreel-x2-full16", model_name: "Best" };
  expect(versionNames([version(named), version({ wanted_model: "mine" })])).toEqual([
    ...["Best", "mine"],
  ]);
});

it("versions that nothing else tells apart are named by when they were started", () => {
  const names = versionNames([version({}), version({ wanted_at: 86_400_000_000 })]);
  expect(new Set(names).size).toBe(2);
  expect(names[1]).toMatch(/^Best\u00a0· .*1972/);
});
