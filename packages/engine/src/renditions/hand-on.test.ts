import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { handOnAsMade } from "./hand-on.ts";

it("hands nothing on where a folder cannot be watched, and fails nobody's work by that", async () => {
  await using folder = await makeTempFolder();
  const handedOn: string[] = [];
  {
    await using _ = handOnAsMade(join(folder.path, "nothing"), ["a"], async (_folder, name) => {
      handedOn.push(name);
    });
  }
  expect(handedOn).toEqual([]);
});
