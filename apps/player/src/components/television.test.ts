import { expect, test } from "vitest";
import { isTelevision } from "./television.ts";

test.each([
  [
    "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 Chrome/85.0 TV Safari/537.36",
    true,
  ],
  ["Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/87.0 Safari/537.36", true],
  ["Mozilla/5.0 (Linux; Android 9; AFTKA) AppleWebKit/537.36 Silk/120.1 Safari/537.36", true],
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36", false],
  ["Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/141.0 Mobile", false],
])("%s", (agent, is) => {
  expect(isTelevision(agent, false)).toBe(is);
});

test("what is wide and has no pointer is one, whatever it calls itself", () => {
  expect(isTelevision("Mozilla/5.0", true)).toBe(true);
});
