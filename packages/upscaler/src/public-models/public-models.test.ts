import { expect, it } from "vitest";
import { readPublicModels } from "./public-models.ts";

it("lists about a dozen models, each at an address that never changes", async () => {
  const models = await readPublicModels();
  expect(models.length).toBeGreaterThanOrEqual(12);
  for (const key of ["id", "url", "sha256"] as const)
    expect(new Set(models.map((model) => model[key])).size).toBe(models.length);
  for (const { url } of models) expect(url).toMatch(/\/[0-9a-f]{40}\//);
  expect(new Set(models.map(({ scale }) => scale))).toEqual(new Set([2, 3, 4]));
});
