import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeRecordingLog,
  makeSharedLeases,
  makeTempFolder,
  whileUnreadable,
} from "@upreel/testkit";
import { expect, test } from "vitest";
import { keepQueue } from "./keep-queue.ts";

const log = makeRecordingLog();
const films = ["a", "b", "c", "d"].map((id, k) => ({
  ...{ id, state: "queued" as const, priority: "background" as const, wanted_at: k },
}));

test("the order is known after a restart, and a film that is finished is forgotten", async () => {
  await using folder = await makeTempFolder();
  using first = await keepQueue(folder.path, { log });
  const told: string[] = [];
  first.subscribe((ids) => told.push(ids.join("")));
  await first.move({ ids: ["d"] }, films);
  await first.move({ ids: ["c"], before: "a" }, films);
  expect(first.inOrder(films)).toEqual(["d", "c", "a", "b"]);
  await first.forget("d");
  await first.forget("b");
  using again = await keepQueue(folder.path, { log });
  expect([again.ids, told]).toEqual([["c"], ["d", "dc", "c"]]);
});

test("what cannot be read is begun anew", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "queue.json"), '["a"');
  using queue = await keepQueue(folder.path, { log });
  await queue.move({ ids: ["b"] }, films);
  expect(queue.ids).toEqual(["b"]);
});

test("several gateways agree, also on films that are moved by both at once", async () => {
  await using folder = await makeTempFolder();
  const leases = makeSharedLeases();
  const open = (address: string) => keepQueue(folder.path, { leases: leases.at(address), log }, 20);
  using a = await open("http://a");
  using b = await open("http://b");
  await Promise.all([a.move({ ids: ["c"] }, films), b.move({ ids: ["d"] }, films)]);
  await eventually("both know both", () => a.ids.length === 2 && a.ids.join() === b.ids.join());
  await a.forget("c");
  await eventually("the other one forgets it, too", () => b.ids.join() === "d");
});

test("a folder that fails for a moment costs several gateways none of their order", async () => {
  await using folder = await makeTempFolder();
  const leases = makeSharedLeases();
  using a = await keepQueue(folder.path, { leases: leases.at("http://a"), log });
  await a.move({ ids: ["c"] }, films);
  await whileUnreadable(join(folder.path, "queue.json"), () =>
    expect(a.move({ ids: ["d"] }, films)).rejects.toThrow("ELOOP"),
  );
  using b = await keepQueue(folder.path, { leases: leases.at("http://b"), log });
  await b.move({ ids: ["a"] }, films);
  expect(b.ids).toEqual(["a", "c"]);
});

test("a gateway keeps the order that it knows while it cannot read the file, and says so once", async () => {
  await using folder = await makeTempFolder();
  const own = makeRecordingLog();
  const leases = makeSharedLeases().at("http://a");
  using queue = await keepQueue(folder.path, { leases, log: own }, 5);
  await queue.move({ ids: ["c"] }, films);
  await whileUnreadable(join(folder.path, "queue.json"), async () => {
    await eventually("it is said", () => own.complaints.length > 0);
    // Looked at again by then: changes and looks run one after another.
    await expect(queue.move({ ids: ["d"] }, films)).rejects.toThrow("ELOOP");
    expect(queue.ids).toEqual(["c"]);
  });
  await queue.move({ ids: ["d"] }, films);
  expect(queue.ids).toEqual(["d", "c"]);
  expect(own.complaints).toHaveLength(1);
});

test("a gateway that starts while the file cannot be read overwrites nothing", async () => {
  await using folder = await makeTempFolder();
  {
    using before = await keepQueue(folder.path, { log });
    await before.move({ ids: ["c"] }, films);
  }
  using queue = await whileUnreadable(join(folder.path, "queue.json"), () =>
    keepQueue(folder.path, { log }),
  );
  await queue.move({ ids: ["d"] }, films);
  expect(queue.ids).toEqual(["d", "c"]);
});

test("of several gateways one that moves two films at once moves both", async () => {
  await using folder = await makeTempFolder();
  const leases = makeSharedLeases().at("http://a");
  using queue = await keepQueue(folder.path, { leases, log });
  await Promise.all(["c", "d"].map((id) => queue.move({ ids: [id] }, films)));
  expect(queue.ids).toEqual(["d", "c"]);
});
