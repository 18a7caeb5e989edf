import type { StreamView } from "@upreel/core";
import { expect, test } from "vitest";
import { watchForRoom } from "./room-comes-back.ts";

const failed = (id: string, code: "disk_full" | "disk_read_only" | "encoder_failed") =>
  ({ id, state: "failed", reason: { code, message: "" } }) as StreamView;
const disk = (freeBytes: number, isWritable = true) => ({ freeBytes, totalBytes: 1e9, isWritable });

test("a film that lacked room is tried again when there is notably more of it than there was", () => {
  const look = watchForRoom();
  const films = [failed("a", "disk_full"), failed("b", "encoder_failed")];
  expect(look(films, disk(30e6))).toEqual([]);
  expect(look(films, disk(10e6))).toEqual([]);
  expect(look(films, disk(40e6))).toEqual([]);
  expect(look(films, disk(61e6))).toEqual([films[0]]);
  // It failed again: from then on it is measured anew.
  expect(look([{ ...failed("a", "disk_full"), state: "running" }], disk(61e6))).toEqual([]);
  expect(look(films, disk(61e6))).toEqual([]);
  expect(look(films, disk(112e6))).toEqual([films[0]]);
});

test("room that came back before the first look counts", () => {
  const films = [failed("a", "disk_full")];
  expect(watchForRoom()(films, disk(200e6))).toEqual(films);
});

test("a film on a read-only disk is tried again when that can be written to", () => {
  const look = watchForRoom();
  const films = [failed("a", "disk_read_only")];
  expect(look(films, disk(1e9, false))).toEqual([]);
  expect(look(films, disk(1e9, true))).toEqual(films);
});
