import { defineConfig } from "vitest/config";

const HEAVY = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "apps/*/src/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          exclude: ["**/*.media.test.ts", "**/node_modules/**"],
          testTimeout: 10_000,
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
          ...HEAVY,
        },
      },
      {
        test: {
          name: "e2e",
          globalSetup: "scripts/build-player.ts",
          include: ["tests/*.e2e.test.ts"],
          ...HEAVY,
          testTimeout: 180_000,
        },
      },
    ],
  },
});
