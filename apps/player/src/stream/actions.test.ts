import type { ErrorCode } from "@upreel/core";
import { expect, test } from "vitest";
import { canHelpAgain, isOriginalOnly } from "./actions.ts";

const failed = (code: ErrorCode) => ({ state: "failed", reason: { code, message: "" } }) as const;

test.each([
  ["source_hdr", false, true],
  ["source_too_large", false, true],
  ["source_no_video", false, false],
  ["decoder_failed", true, false],
  ["source_missing", true, false],
] as const)("of %s: trying again may help: %s, the original plays: %s", (code, again, original) => {
  expect([canHelpAgain(failed(code)), isOriginalOnly(failed(code))]).toEqual([again, original]);
});
