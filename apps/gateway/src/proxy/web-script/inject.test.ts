import { expect, it } from "vitest";
import { addPlugin, injectScript } from "./inject.ts";

it("puts the script into the head of the page, where nothing waits for it", () => {
  const html = '<html><head><script defer src="main.js"></script></HEAD><body></body></html>';
  expect(injectScript(html)).toBe(
    '<html><head><script defer src="main.js"></script><script src="../upscale/web.js" async></script></HEAD><body></body></html>',
  );
  expect(injectScript("Jellyfin is starting")).toBeUndefined();
});

it("adds the plugin once, and leaves the rest of the configuration", () => {
  const config = { includeCorsCredentials: false, plugins: ["playAccessValidation/plugin"] };
  const added = { ...config, plugins: ["playAccessValidation/plugin", "upreelPlugin"] };
  expect(addPlugin(config)).toEqual(added);
  expect(addPlugin(added)).toBeUndefined();
  for (const other of [undefined, null, [], { plugins: "x" }, {}])
    expect(addPlugin(other)).toBeUndefined();
});
