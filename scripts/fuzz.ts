import { parseArgs } from "node:util";
import { makeRandom } from "@upreel/testkit";
import { fuzzFilms } from "./fuzz/films.ts";
import type { Fuzzer } from "./fuzz/fuzzer.ts";
import { fuzzMedia } from "./fuzz/media.ts";
import { fuzzHttp } from "./fuzz/http.ts";
import { fuzzProxy } from "./fuzz/proxy.ts";

/**
 * `npm run fuzz [-- http|proxy|media|films] [--cases 1000] [--seed 1]`: odd requests, headers and films at Upreel's
 * borders. Exit code 1 when one of them did something that it must not; the seed brings it back.
 */
const FUZZERS: Readonly<Record<string, Fuzzer>> = {
  http: fuzzHttp,
  proxy: fuzzProxy,
  media: fuzzMedia,
  films: fuzzFilms,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
const cases = Number(values.cases);
const names = positionals.length === 0 ? Object.keys(FUZZERS) : positionals;
for (const name of names) {
  const fuzz = FUZZERS[name];
  if (fuzz === undefined || !(cases > 0)) {
    console.error(
      `usage: npm run fuzz [-- ${Object.keys(FUZZERS).join("|")}] [--cases 1000] [--seed 1]`,
    );
    process.exit(2);
  }
  const startedMs = performance.now();
  const problems = await fuzz({ cases, random: makeRandom(Number(values.seed)) });
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(`${name}: ${cases} cases, ${problems.length} problems, ${seconds} s`);
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
