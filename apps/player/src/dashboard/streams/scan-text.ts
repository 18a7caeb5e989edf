import type { ScansAnswer } from "@upreel/core";
import type { Strings } from "../../languages/en.ts";

/** What plugins do now, in a sentence; undefined: nothing. */
export function scanText(
  { plugins, jobs }: ScansAnswer,
  texts: Pick<Strings["streams"], "looksAt" | "looksAtEpisodes">,
): string | undefined {
  const job = jobs.find(({ state }) => state === "running");
  const task = job?.tasks.find(({ state }) => state === "running");
  if (job === undefined || task === undefined) return undefined;
  const name = plugins.find(({ id }) => id === task.plugin)?.name ?? task.plugin;
  const film = job.path.split("/").at(-1) ?? job.path;
  const films = job.films ?? 1;
  return films > 1 ? texts.looksAtEpisodes(name, films, film) : texts.looksAt(name, film);
}
