import { expect, it, test } from "vitest";
import { arabic } from "./ar.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { languageOf } from "./language.ts";
import { merge } from "./merge.ts";

test.each([
  ["", ["de-AT", "en"], "de"],
  ["", ["fr", "ar-EG", "en"], "ar"],
  ["", ["fr"], "en"],
  ["en", ["de"], "en"],
  ["klingon", ["de"], "de"],
  ["constructor", [], "en"],
] as const)("chosen %j of a browser for %j: %s", (chosen, wanted, language) => {
  expect(languageOf(chosen, wanted)).toBe(language);
});

/** All texts by their path, with sample values in those that take some. */
function textsOf(group: object, path = ""): [string, string][] {
  return Object.entries(group).flatMap(([key, value]): [string, string][] => {
    const at = `${path}.${key}`;
    if (typeof value === "string") return [[at, value]];
    if (typeof value === "function") {
      const made: unknown = value(...Array.from({ length: value.length }, (_, k) => 3 + k));
      return [[at, String(made)]];
    }
    return typeof value === "object" && value !== null ? textsOf(value, at) : [];
  });
}

/** Names, signs, and words that are the same. */
const SAME =
  /^[^a-z]*$|Upreel|^(API-Token|Details|Film|Original|Optional|Logs|Plugins|System|Encoder|ONNX Runtime|Core ML|DirectML|Node\.js|ffmpeg|ffprobe|Port|Threads|TensorRT|WebGPU|Jellyfin|Discord|ntfy|Gotify|Home Assistant|https?:\/\/.*|Mbit\/s|s|min|h|[CFPU]|3 von 4)$/;

it("no text of the German pages was forgotten in English, nor lacks what stands in it", () => {
  const own = new Map(textsOf(german));
  for (const [path, text] of textsOf(english)) {
    const translated = own.get(path) ?? "";
    expect([path, translated]).not.toEqual([path, ""]);
    if (translated === text) expect([path, text]).toEqual([path, expect.stringMatching(SAME)]);
    for (const [sample] of text.matchAll(/\b[3-6]\b/g)) expect(translated).toContain(sample);
  }
});

it("what a language lacks is English, and what it has stands in its place", () => {
  const pages = merge<typeof english>(english, arabic);
  expect(pages.films.title).toBe("الأفلام");
  expect(pages.films.count(2)).toBe("فيلمان");
  expect(pages.watch.keyList).toBe(english.watch.keyList);
});

it("the player's menu lacks nothing in Arabic", () => {
  const { settings, picture, speed, audio, subtitles, none, madeBy, wishes } = english.watch;
  const menu = { settings, picture, speed, audio, subtitles, none, madeBy, wishes };
  const own = new Map(textsOf({ look: arabic.look ?? {}, watch: arabic.watch ?? {} }));
  for (const [path] of textsOf({ look: english.look, watch: menu }))
    expect([path, own.get(path)]).toEqual([path, expect.stringMatching(/\p{Script=Arabic}/u)]);
});

/** Names and addresses, which are the same in Arabic. */
const NAMES =
  /^(Jellyfin|Discord|ntfy|Gotify|Home Assistant|ffmpeg|ffprobe|Core ML|https?:\/\/.*)$/;

it("models, settings, notifications, logs, jobs and errors lack nothing in Arabic", () => {
  const own = new Map(textsOf(arabic));
  const { errors, models, settings, logs, webhooks, streams, picker } = german;
  for (const [path, text] of textsOf({
    errors,
    models,
    settings,
    logs,
    webhooks,
    streams,
    picker,
  })) {
    // Phrases that may stand in another order.
    if (path.startsWith(".settings.expected")) continue;
    if (NAMES.test(text)) continue;
    expect([path, own.get(path)]).toEqual([path, expect.stringMatching(/\p{Script=Arabic}/u)]);
    for (const [sample] of text.matchAll(/\b[3-6]\b/g))
      expect([path, own.get(path)]).toEqual([path, expect.stringContaining(sample)]);
  }
});

it("the other computers lack nothing in Arabic", () => {
  const { farm, workers, workerLimits, workerSpeed } = english.system;
  const own = new Map(textsOf(arabic.system ?? {}));
  for (const [path, text] of textsOf({ farm, workers, workerLimits, workerSpeed })) {
    expect([path, own.get(path)]).toEqual([path, expect.stringMatching(/\p{Script=Arabic}/u)]);
    for (const [sample] of text.matchAll(/\b[3-6]\b/g)) expect(own.get(path)).toContain(sample);
  }
});
