import { expect, it } from "vitest";
import { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";

const STREAM = { id: "a", record: { file: { path: "/films/a.mkv" } } } as Stream;

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

it("knows the streams of a file for as long as they are there", async () => {
  const register = createRegister();
  const other = { ...STREAM, id: "b" };
  register.adopt("a", STREAM);
  register.adopt("b", other);
  expect(register.ofFile("/films/a.mkv")).toEqual([STREAM, other]);
  expect(register.ofFile("/films/b.mkv")).toEqual([]);
  await register.remove(
    "a",
    async () => undefined,
    () => undefined,
  );
  expect(register.ofFile("/films/a.mkv")).toEqual([other]);
});
