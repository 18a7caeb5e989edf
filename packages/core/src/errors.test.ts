import { describe, expect, it } from "vitest";
import { UpreelError, toUpreelError } from "./errors.ts";
import { parseRational } from "./film/rational.ts";
import { toReason } from "./stream/reason.ts";
import { reasonSchema } from "./stream/stream.ts";

describe("anything thrown", () => {
  it("becomes an internal error that keeps its cause, unless it is one of ours", () => {
    const ours = new UpreelError("disk_full", "no room");
    expect(toUpreelError(ours)).toBe(ours);
    const cause = new TypeError("x is not a function");
    expect(toUpreelError(cause)).toMatchObject({ code: "internal", message: cause.message, cause });
    expect(toUpreelError("text")).toMatchObject({ code: "internal", message: "text" });
    expect(toUpreelError(undefined).code).toBe("internal");
  });
  it("that took longer than it may is told as that", async () => {
    const late = AbortSignal.timeout(1);
    const reason: unknown = await new Promise((resolve) => {
      late.addEventListener("abort", () => resolve(late.reason));
    });
    expect(toUpreelError(reason)).toMatchObject({ code: "timeout", cause: reason });
  });
  it("is told to people without its cause, in a form that can be stored", () => {
    const cause = new Error("secret path");
    const error = new UpreelError("timeout", "too slow", { expected: "1 s", got: "2 s", cause });
    expect(toReason(error)).toEqual({
      ...{ code: "timeout", message: "too slow", expected: "1 s", got: "2 s" },
    });
    expect(reasonSchema.parse(toReason("text"))).toEqual({ code: "internal", message: "text" });
  });
});

it("fractions are read as ffprobe prints them, and nothing else is one", () => {
  expect(parseRational("24000/1001")).toEqual({ num: 24_000, den: 1_001 });
  expect(parseRational("16:15")).toEqual({ num: 16, den: 15 });
  for (const bad of ["0/0", "1/0", "0/1", "-1/2", "1.5/2", "N/A", "", "25", undefined]) {
    expect(parseRational(bad)).toBeUndefined();
  }
});

it.each([
  ["ENOSPC", "disk_full"],
  ["EDQUOT", "disk_full"],
  ["EROFS", "disk_read_only"],
  ["ENOENT", "internal"],
])("knows what a disk says: %s", (errno, code) => {
  const error = toUpreelError(Object.assign(new Error("write /secret/path"), { code: errno }));
  expect(error.code).toBe(code);
  if (code !== "internal") expect(error.message).not.toContain("/secret");
});
