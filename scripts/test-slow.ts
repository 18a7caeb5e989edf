import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { slowDown } from "./slow/slow-down.ts";

/**
 * `npm run test:slow [-- --share 0.33] [--loops 2] [-- --project e2e tests/seek.e2e.test.ts]`: the tests, or those
 * that are named, on a machine with a share of this one's speed, on which so many endless loops run beside them.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: "string", default: "0.33" },
    loops: { type: "string", default: "0" },
  },
});
const [share, loops] = [Number(values.share), Number(values.loops)];
if (!(share > 0 && share <= 1 && loops >= 0)) {
  console.error("usage: npm run test:slow [-- --share 0.33] [--loops 2] [-- vitest's arguments]");
  process.exit(2);
}
// Ctrl-C ends what runs slowly; then its group is taken away.
process.on("SIGINT", () => {});

await using slow = await slowDown(share * availableParallelism()).catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
const start = (...words: string[]): ChildProcess => {
  const [program = "", ...args] = [...slow.command, ...words];
  return spawn(program, args, { stdio: "inherit" });
};
const busy = Array.from({ length: loops }, () => start("sh", "-c", "while :; do :; done"));
try {
  const [code] = (await once(start("vitest", "run", ...positionals), "exit")) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  for (const each of busy) each.kill("SIGKILL");
}
