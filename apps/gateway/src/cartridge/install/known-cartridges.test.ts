import { join } from "node:path";
import { makeTempFolder, whileUnreadable } from "@upreel/testkit";
import { expect, it } from "vitest";
import { knownCartridges } from "./known-cartridges.ts";

it("keeps the folders that it knows while it cannot read them", async () => {
  await using folder = await makeTempFolder();
  const known = knownCartridges(folder.path);
  await known.add("/a");
  await whileUnreadable(join(folder.path, "cartridges.json"), () =>
    expect(known.add("/b")).rejects.toThrow("ELOOP"),
  );
  await known.add("/c");
  expect(await known.list()).toEqual(["/a", "/c"]);
});
