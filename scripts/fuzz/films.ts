import { createUpscaler } from "@upreel/upscaler";
import { checkRandomFilm } from "../../tests/films/check-film.ts";
import type { FuzzOptions } from "./fuzzer.ts";

/** Films of odd habits, each made, upscaled and looked at; 2,000 take about an hour on two cores. */
export async function fuzzFilms({ cases, random }: FuzzOptions): Promise<readonly string[]> {
  const problems: string[] = [];
  const seeds = Array.from({ length: cases }, () => Math.floor(random.next() * 2 ** 31));
  const check = async (): Promise<void> => {
    // Its own: one film at a time.
    await using upscaler = createUpscaler({ threads: 1 });
    for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop())
      problems.push(...(await checkRandomFilm(seed, upscaler)));
  };
  await Promise.all([check(), check()]);
  return problems;
}
