import type { ScanJob, ScansAnswer } from "@upreel/core";
import { expect, it } from "vitest";
import { english } from "../../languages/en.ts";
import { german } from "../../languages/de.ts";
import { doesText, factsText, lastName, taskText } from "./plugin-text.ts";

type Plugin = ScansAnswer["plugins"][number];

const plugin = (change: Partial<Plugin> = {}): Plugin => ({
  ...{ id: "mine", name: "Mine", version: "1.2.0", description: null, engine: "python" },
  ...{ capabilities: ["media-scan", "convert"], events: ["film.*"], off_in: [] },
  media_types: [],
  ...{ is_built_in: false, is_enabled: true, reason: null, files: 0, chapters: 0 },
  state: "stopped",
  ...change,
});
const TASK: ScanJob["tasks"][number] = {
  ...{ plugin: "mine", seconds: 2, chapters: 2, fingerprints: 0 },
  state: "done",
  ...{ skipped: { too_short: 1, constructor: 3 }, reason: null, facts: null },
};

it("tells what a plugin is and does, and what of it is not used", () => {
  expect(factsText(plugin(), english.plugins)).toBe("1.2.0\u00a0· runs on python");
  expect(factsText(plugin({ is_built_in: true, files: 1, chapters: 2 }), english.plugins)).toBe(
    "1.2.0\u00a0· built in\u00a0· looked at 1 film\u00a0· found 2 intros and credits",
  );
  expect(factsText(plugin({ files: 2 }), english.plugins)).toBe(
    "1.2.0\u00a0· runs on python\u00a0· looked at 2 films",
  );
  expect(doesText(plugin(), english.plugins)).toBe(
    "Looks at films\u00a0· gets events: film.*\u00a0· not used by Upreel: convert",
  );
  const kinds = plugin({ events: [], media_types: ["tv", "constructor"] });
  expect(doesText({ ...kinds, capabilities: ["media-scan"] }, english.plugins)).toBe(
    "Looks at films\u00a0· only for series, constructor",
  );
  expect(doesText(plugin({ capabilities: [], events: [] }), english.plugins)).toBe(
    "Does nothing that Upreel uses",
  );
});

it("tells what came of a look at a film, in the page's language, and reasons of a plugin's own as they are", () => {
  expect(taskText(TASK, [plugin()], english.plugins)).toBe(
    "Mine: found 2, 1 skipped: too short, 3 skipped: constructor",
  );
  const gone = { ...TASK, plugin: "gone", state: "failed", skipped: {} } as const;
  expect(taskText(gone, [plugin()], german.plugins)).toBe("gone: fehlgeschlagen");
  const skipped = { ...gone, state: "skipped", skipped: { media_type: 2 } } as const;
  expect(taskText(skipped, [plugin()], english.plugins)).toBe(
    "gone: 2 skipped: the plugin is not for such films",
  );
  const looking = { ...gone, state: "running", seconds: null } as const;
  expect(taskText(looking, [], english.plugins)).toBe("gone: is looking");
  expect(taskText({ ...gone, state: "known" }, [], english.plugins)).toBe("gone: already known");
});

it("tells what was found out about a film in place of how much", () => {
  const facts: ScanJob["tasks"][number]["facts"] = {
    ...{ scan: { kind: "telecine", order: "tff" }, content: { kind: "animation", why: "flat" } },
    bars: { top: 44, bottom: 42, left: 0, right: 0 },
    ...{ noise: 2.345, cuts_per_minute: 11.6, loudness: { lufs: -23.2, range_lu: 8, peak_db: -1 } },
    compression: { is: "hard", quantiser: 0.7, block_edges: 1.2 },
  };
  const found = { ...TASK, skipped: {}, facts };
  expect(taskText(found, [plugin()], english.plugins)).toBe(
    "Mine: film in video\u00a0· drawn\u00a0· bars 44 at the top, 42 at the bottom\u00a0· noise 2.3\u00a0· heavily compressed\u00a0· 12 cuts a minute\u00a0· \u2066−23\u00a0LUFS\u2069",
  );
  expect(taskText(found, [plugin()], german.plugins)).toContain("Rauschen 2,3");
  const bars = { top: 0, bottom: 0, left: 0, right: 0 };
  const none = { scan: null, content: null, noise: null, compression: null };
  const few = { ...none, bars, cuts_per_minute: null, loudness: null };
  expect(taskText({ ...found, facts: few }, [plugin()], german.plugins)).toBe("Mine: 2 gefunden");
});

it("the last part of a path", () => {
  expect(["/a/b/", "b", "/"].map(lastName)).toEqual(["b", "b", "/"]);
});
