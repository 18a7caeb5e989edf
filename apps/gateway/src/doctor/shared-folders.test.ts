import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { checkSharedFolders } from "./doctor.ts";

it("a shared folder that cannot be read is told of, and keeps no worker from its work", async () => {
  await using folder = await makeTempFolder();
  const away = join(folder.path, "away");
  expect(await checkSharedFolders([folder.path, away])).toMatchObject([
    { verdict: "good", code: "films_readable" },
    { verdict: "warning", code: "share_unreadable", message: expect.stringContaining(away) },
  ]);
});
