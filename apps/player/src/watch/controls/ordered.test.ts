import { expect, it } from "vitest";
import { shownChoice } from "./ordered.ts";

it("a menu shows what was chosen at once, and then what the gateway tells", () => {
  const ordered = { before: "auto", value: "best" };
  expect(shownChoice("auto", undefined)).toBe("auto");
  expect(shownChoice("auto", ordered)).toBe("best");
  expect(shownChoice("best", ordered)).toBe("best");
  // Somebody else chose meanwhile.
  expect(shownChoice("fast", ordered)).toBe("fast");
});
