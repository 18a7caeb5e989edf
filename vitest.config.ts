import { defineConfig } from "vitest/config";

/**
 * Real programs: such a test takes three quarters of a core at most, and waits for players the rest of the time. Two
 * files run at a time, however many cores there are: with three, a machine that has other work answers too late for what
 * has to be answered in time. After the unit tests, in one group with each other: those with
 * players first, since the last ones to end should be short.
 */
const HEAVY = {
  maxWorkers: 2,
  sequence: { groupOrder: 1 },
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

/** Time-outs end what hangs; no test rests on them, on a machine that is slow or busy either. */
const PATIENCE = { poll: { timeout: 240_000 } };

/**
 * `isolate`: files share what they import, which has no state of its own; to import it for each of them again took most of
 * the time. Each gives back what it takes of globals.
 */
const SHARED = false;

/** What no other program runs for. */
const QUICK = {
  // Of itself vitest leaves a core alone: of two, half of the machine.
  maxWorkers: "100%",
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: PATIENCE,
};

/**
 * Settings of each gateway that is started here, unless its test says otherwise. The quickest network: what a network
 * makes of a picture is tested beside the networks. One thread: each worker has fewer to start. One provider: where there is
 * a choice, a gateway measures all networks as soon as its test waits for something, which takes more of the processor than
 * the films do.
 */
const GATEWAY = { MODEL: "upreel-x2-live16x0-int8", THREADS: "1", PROVIDERS: "cpu" };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "apps/{gateway,worker}/src/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          exclude: ["**/*.media.test.ts", "**/node_modules/**"],
          isolate: SHARED,
          ...QUICK,
        },
      },
      {
        test: {
          // Pages keep state in modules, as of their one viewer.
          name: "pages",
          include: ["apps/player/src/**/*.test.ts"],
          ...QUICK,
        },
      },
      {
        test: {
          name: "media",
          include: [
            "packages/*/src/**/*.media.test.ts",
            "apps/*/src/**/*.media.test.ts",
            "nginx/**/*.media.test.ts",
          ],
          isolate: SHARED,
          ...HEAVY,
          expect: PATIENCE,
        },
      },
      {
        test: {
          name: "e2e",
          globalSetup: "scripts/build-player.ts",
          include: ["tests/**/*.e2e.test.ts", "nginx/**/*.e2e.test.ts"],
          env: GATEWAY,
          ...HEAVY,
          testTimeout: 420_000,
          expect: PATIENCE,
        },
      },
    ],
  },
});
