import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { FARM_FILE, openFarmMembers } from "./farm-members.ts";

it("keeps what each machine may be used for, changes only what is named, and takes a limit away", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, FARM_FILE);
  const members = await openFarmMembers(file);
  await members.add("pc");
  await members.setLimits("pc", { streams: 2, hours: "22:00-07:00", while_in_use: false });
  await members.setLimits("pc", { streams: null, weight: 0.5 });
  const kept = (await openFarmMembers(file)).limitsOf("pc");
  expect(kept).toEqual({ hours: "22:00-07:00", weight: 0.5, whileInUse: false });
  await expect(members.setLimits("other", { streams: 1 })).rejects.toMatchObject({
    code: "not_found",
  });
});

it("lets a machine work in its hours alone, by the gateway's clock, and by hand not at all", async () => {
  await using folder = await makeTempFolder();
  let now = new Date(2026, 10, 29, 21, 59);
  const members = await openFarmMembers(join(folder.path, FARM_FILE), () => now);
  await members.add("pc");
  expect(members.mayWork("pc")).toBe("yes");
  await members.setLimits("pc", { hours: "22:00-07:00" });
  expect(members.mayWork("pc")).toBe("resting");
  now = new Date(2026, 10, 30, 6, 59);
  expect(members.mayWork("pc")).toBe("yes");
  await members.setWork("pc", "paused");
  expect(members.mayWork("pc")).toBe("paused");
});

it("reads what was kept before there were limits", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, FARM_FILE);
  const old = [{ name: "pc", keyHash: "0".repeat(64), work: "yes" }];
  await writeFile(file, JSON.stringify(old));
  expect((await openFarmMembers(file)).limitsOf("pc")).toEqual({});
});
