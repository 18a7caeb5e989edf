import type { ScanJob, ScansAnswer } from "@upreel/core";
import { factLine } from "../../format.ts";
import type { Strings } from "../../languages/en.ts";
import { filmFactsText } from "./film-facts-text.ts";

type Plugin = ScansAnswer["plugins"][number];
type Names = Strings["plugins"];

/** What Upreel has plugins for. */
const USED = "media-scan";

/** Its version, where it is from, and what came of it. */
export function factsText(plugin: Plugin, names: Names): string {
  const { version, engine, is_built_in: isBuiltIn, files, chapters } = plugin;
  const work = [
    ...(files > 0 ? [names.lookedAt(files)] : []),
    // Not every plugin looks for them.
    ...(chapters > 0 ? [names.foundParts(chapters)] : []),
  ];
  return factLine([version, isBuiltIn ? names.builtIn : names.runBy(engine), ...work]);
}

/** What it does, as its plugin.json says. */
export function doesText(plugin: Plugin, names: Names): string {
  const { capabilities, media_types: kinds, events } = plugin;
  const unused = capabilities.filter((name) => name !== USED);
  const parts = [
    ...(capabilities.includes(USED) ? [names.looksAtFilms] : []),
    ...(kinds.length > 0
      ? [names.onlyFor(kinds.map((kind) => wordFor(kind, names.kinds)).join(", "))]
      : []),
    ...(events.length > 0 ? [names.toldOf(events.join(", "))] : []),
  ];
  if (parts.length === 0) parts.push(names.doesNotLook);
  if (unused.length > 0) parts.push(names.unused(unused.join(", ")));
  return factLine(parts);
}

/** What came of one plugin's look at a film: `Intro and credits: found 2, 1 skipped: too short`. */
export function taskText(
  task: ScanJob["tasks"][number],
  plugins: readonly Pick<Plugin, "id" | "name">[],
  names: Names,
): string {
  const name = plugins.find(({ id }) => id === task.plugin)?.name ?? task.plugin;
  const facts = task.facts === null ? "" : filmFactsText(task.facts, names.facts);
  const result = task.state === "skipped" ? [] : [facts || resultOf(task, names)];
  const skipped = Object.entries(task.skipped).map(([reason, count]) =>
    names.skipped(count, wordFor(reason, names.reasons)),
  );
  return `${name}: ${[...result, ...skipped].join(", ")}`;
}

/** A plugin's own word, too, which may be any. */
const wordFor = (word: string, known: Readonly<Record<string, string>>): string =>
  Object.hasOwn(known, word) ? known[word]! : word;

function resultOf({ state, chapters }: ScanJob["tasks"][number], names: Names): string {
  if (state === "running") return names.working;
  if (state === "known") return names.known;
  return state === "failed" ? names.failed : names.found(chapters);
}

/** The last part of a path. */
export const lastName = (path: string): string =>
  path.split("/").findLast((part) => part !== "") ?? path;
