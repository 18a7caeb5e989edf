import { expect, it } from "vitest";
import { parseScanRules } from "./scan-rules.ts";

it("reads rules and their conditions", () => {
  expect(
    parseScanRules("library=Old Films, below=720, unwatched; next,user=ann; favourites"),
  ).toEqual([
    { library: "Old Films", below: 720, unwatched: true },
    { next: true, user: "ann" },
    { favourites: true },
  ]);
  expect(parseScanRules("")).toEqual([]);
});

it("refuses what is no rule", () => {
  for (const text of ["everything", "below=tall", "library=", "unwatched,,next"])
    expect([text, parseScanRules(text)]).toEqual([text, undefined]);
});
