import { expect, test } from "vitest";
import { bytesOfDump, namesItsLayout } from "./aac-config.ts";

test("a dump of ffprobe is read as its bytes", () => {
  const dump =
    "\n00000000: 1180 04c8 4400 2000 c40c 4c61 7663 3539  ....D. ...Lavc59\n00000010: 2e33 37                                  .37\n";
  expect(Buffer.from(bytesOfDump(dump)).toString("hex")).toBe(
    "118004c844002000c40c4c617663353" + "92e3337",
  );
  expect(bytesOfDump("")).toHaveLength(0);
});

test.each([
  ["LC stereo", "1190", true],
  ["LC stereo with SBR signalled behind", "119056e500", true],
  ["HE-AAC: SBR first", "2b92080000", true],
  ["a rate that is written out", "1780bb8010", true],
  ["5.1 in a program config element", "118004c844002000c40c", false],
  ["nothing", "", false],
  ["a byte", "11", false],
])("%s", (_what, hex, named) => {
  expect(namesItsLayout(Buffer.from(hex, "hex"))).toBe(named);
});
