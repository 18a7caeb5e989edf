import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createCatalogue } from "./catalogue.ts";

const never = new AbortController().signal;

it("finds built-in networks by what is in them", async () => {
  const catalogue = createCatalogue();
  const model = await catalogue.find("upreel-x2-live16x0-fp32");
  const bytes = await readFile(await catalogue.fileOf(model, never));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(model.hash);
  await expect(
    catalogue.fileOf({ ...model, id: "upreel", hash: "../secret" }, never),
  ).rejects.toMatchObject({ code: "model_unknown" });
});
