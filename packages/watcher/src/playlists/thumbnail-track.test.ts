import { expect, test } from "vitest";
import { sheetCount, thumbnailTrack } from "./thumbnail-track.ts";

const GRID = { stepSeconds: 10, columns: 2, rows: 2, width: 160, height: 90 };

test("each stretch of the film has its place on a sheet", () => {
  expect(thumbnailTrack(GRID, 3_654.5).split("\n\n").slice(1, 6)).toEqual([
    "00:00:00.000 --> 00:00:10.000\nthumbs/0000.jpg#xywh=0,0,160,90",
    "00:00:10.000 --> 00:00:20.000\nthumbs/0000.jpg#xywh=160,0,160,90",
    "00:00:20.000 --> 00:00:30.000\nthumbs/0000.jpg#xywh=0,90,160,90",
    "00:00:30.000 --> 00:00:40.000\nthumbs/0000.jpg#xywh=160,90,160,90",
    "00:00:40.000 --> 00:00:50.000\nthumbs/0001.jpg#xywh=0,0,160,90",
  ]);
  expect(thumbnailTrack(GRID, 3_654.5)).toContain("01:00:50.000 --> 01:00:54.500\n");
});

test("the last sheet may be part full", () => {
  expect([sheetCount(GRID, 40), sheetCount(GRID, 40.1)]).toEqual([1, 2]);
});
