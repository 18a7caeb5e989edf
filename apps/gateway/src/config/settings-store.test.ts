import { UpreelError } from "@upreel/core";
import { expect, it } from "vitest";
import { parseSettings } from "./parse-settings.ts";
import { createSettingsStore } from "./settings-store.ts";

it("what a next start would read is refused where it cannot be read", () => {
  const sources = { environment: {}, kept: {}, file: {}, cwd: "/" };
  const started = parseSettings({}, {}, "/");
  const moved = { ...started, port: 7000 };
  expect(createSettingsStore(started, sources).readNext()).toBe(started);
  expect(createSettingsStore(started, sources, () => moved).readNext().port).toBe(7000);
  const broken = createSettingsStore(started, sources, () => {
    throw new UpreelError("invalid_config", "cannot read the configuration file", {
      expected: "a JSON object of settings",
    });
  });
  expect(() => broken.readNext()).toThrow(
    expect.objectContaining({ code: "bad_request", expected: "a JSON object of settings" }),
  );
});
