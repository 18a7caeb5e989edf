import { expect, it } from "vitest";
import { bodyOf, eventsOf, NEW_RECEIVER } from "./webhook-fields.ts";

it("says nothing of what is left empty: it stays", () => {
  const fields = { ...NEW_RECEIVER, name: " Mine ", url: " http://ha.lan ", secret: " " };
  expect(bodyOf(fields)).toEqual({
    ...{ name: "Mine", kind: "discord", url: "http://ha.lan", is_enabled: true },
    events: NEW_RECEIVER.events,
  });
});

it("ticks what patterns stand for", () => {
  const names = ["film.found", "film.failed", "disk.low"];
  expect(eventsOf(["film.*"], names)).toEqual(["film.found", "film.failed"]);
  expect(eventsOf(["*.low", "film.failed"], names)).toEqual(["film.failed", "disk.low"]);
});
