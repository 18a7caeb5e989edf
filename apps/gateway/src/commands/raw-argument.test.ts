import { expect, it } from "vitest";
import { rawArgument } from "./raw-argument.ts";

it("an argument that is not UTF-8 has the bytes that the system tells", () => {
  const line = Buffer.from("node\0cli.ts\0/films/caf\xe9.mkv\0/films/x.mkv\0", "latin1");
  expect(rawArgument("/films/caf\uFFFD.mkv", () => line)).toBe("/films/caf\uEFE9.mkv");
  expect(rawArgument("/films/other\uFFFD.mkv", () => line)).toBe("/films/other\uFFFD.mkv");
  expect(rawArgument("/films/caf\uFFFD.mkv", () => Buffer.alloc(0))).toBe("/films/caf\uFFFD.mkv");
  expect(rawArgument("/films/x.mkv", () => line)).toBe("/films/x.mkv");
});
