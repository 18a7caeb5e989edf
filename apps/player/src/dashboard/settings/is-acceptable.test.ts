import { expect, it } from "vitest";
import { isAcceptable } from "./is-acceptable.ts";

it("knows numbers that are too large, broken or no numbers", () => {
  const schema = { type: "integer", minimum: 0, maximum: 51 };
  expect(["18", " 0 ", "51", ""].map((text) => isAcceptable(schema, text))).not.toContain(false);
  expect(["52", "-1", "1.5", "much"].map((text) => isAcceptable(schema, text))).not.toContain(true);
  expect(isAcceptable({ type: "number", minimum: 0.5 }, "1.5")).toBe(true);
});

it("knows texts that are too short, of another shape or no choice", () => {
  expect(isAcceptable({ type: "string", minLength: 8 }, "short")).toBe(false);
  expect(isAcceptable({ type: "string", pattern: "^[^%]*$" }, "a%b")).toBe(false);
  expect(isAcceptable({ type: "string", enum: ["on", "off"] }, "maybe")).toBe(false);
});

it("leaves lists and rules to the gateway", () => {
  expect(isAcceptable({ type: "array" }, "/films:/more")).toBe(true);
});
