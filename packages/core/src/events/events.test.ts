import { expect, it } from "vitest";
import { createEventBus, meansEvent, upreelEventSchema, type UpreelEvent } from "./events.ts";

it("tells all who listen, whatever becomes of one of them", () => {
  const errors: string[] = [];
  const bus = createEventBus({ error: (text) => void errors.push(text) }, () => 7);
  const heard: UpreelEvent[] = [];
  bus.subscribe(() => {
    throw new Error("deaf");
  });
  const end = bus.subscribe((event) => void heard.push(event));
  bus.tell({ name: "worker.joined", worker: "attic" });
  end();
  bus.tell({ name: "worker.lost", worker: "attic" });
  expect(heard).toMatchObject([{ name: "worker.joined", worker: "attic", at_ms: 7 }]);
  expect(upreelEventSchema.parse(heard[0])).toEqual(heard[0]);
  expect(errors).toHaveLength(2);
});

it.each([
  ["film.*", "film.finished", true],
  ["*.*", "disk.low", true],
  ["film.finished", "film.finished", true],
  ["*", "film.finished", false],
  ["film.*", "film", false],
  ["library.item.added", "film.found", false],
])("%s means %s: %s", (pattern, name, means) => {
  expect(meansEvent(pattern, name)).toBe(means);
});
