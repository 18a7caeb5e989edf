import { expect, it } from "vitest";
import { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";

const STREAM = { id: "a" } as Stream;

it("a stream that could not begin is not kept, and may be added again", async () => {
  const register = createRegister();
  const begin = (): never => {
    throw new Error("it does not begin");
  };
  const added = register.add("a", () => Promise.resolve(STREAM), begin);
  await expect(added).rejects.toThrow("does not begin");
  expect(register.has("a")).toBe(false);
  expect(register.all()).toEqual([]);
  expect(() => register.find("a")).toThrow("no stream a");
  expect(
    await register.add(
      "a",
      () => Promise.resolve(STREAM),
      ({ id }) => id,
    ),
  ).toBe("a");
  expect(register.all()).toEqual([STREAM]);
});
