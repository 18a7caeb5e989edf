import { expect, it } from "vitest";
import { readInstructions } from "./read-hardware.ts";

it.each([
  ["Zen 4", "flags\t\t: fpu avx2 avx512f avx512_vnni", [true, true, true, false]],
  ["Sapphire Rapids", "flags : avx2 avx512f avx512_vnni amx_int8", [true, true, true, true]],
  ["Alder Lake", "flags : avx2 avx_vnni", [true, false, true, false]],
  ["Haswell", "flags : avx avx2", [true, false, false, false]],
  ["an ARM core", "Features\t: fp asimd asimddp", [false, false, true, false]],
] as const)("the instructions of %s are known", (_, cpuinfo, [avx2, avx512, vnni, amx]) => {
  expect(readInstructions(`processor : 0\n${cpuinfo}\n`)).toEqual({ avx2, avx512, vnni, amx });
});
it("says nothing where the system does not", () => {
  expect(readInstructions("")).toBeNull();
});
