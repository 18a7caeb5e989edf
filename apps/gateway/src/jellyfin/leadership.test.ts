import { eventually, makeSharedLeases } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLeadership } from "./leadership.ts";

const [A, B] = ["http://a:5000", "http://b:5000"];

function lead(leases: Parameters<typeof createLeadership>[0], mayLead = true) {
  const told: string[] = [];
  const [onTaken, onLost] = [() => void told.push("taken"), () => void told.push("lost")];
  const leadership = createLeadership(leases, { name: "jellyfin", mayLead, onTaken, onLost });
  return Object.assign(leadership, { told });
}

it("one of several leads, and another one when it is gone", async () => {
  const shared = makeSharedLeases();
  using a = lead(shared.at(A));
  await eventually("it leads", () => a.isHere());
  using b = lead(shared.at(B));
  expect([b.isHere(), await b.elsewhere(), await a.elsewhere()]).toEqual([false, A, undefined]);
  shared.end(A);
  expect(a.isHere()).toBe(false);
  shared.tellFree();
  await eventually("somebody leads", () => a.isHere() || b.isHere());
  expect([a.isHere(), b.isHere()].filter(Boolean)).toHaveLength(1);
  expect(a.told.slice(0, 2)).toEqual(["taken", "lost"]);
});

it("one that cannot lead never does, and knows who does", async () => {
  const shared = makeSharedLeases();
  using b = lead(shared.at(B), false);
  shared.tellFree();
  using a = lead(shared.at(A));
  await eventually("it leads", () => a.isHere());
  expect([b.isHere(), await b.elsewhere()]).toEqual([false, A]);
});

it("one that is alone leads, whatever it can", async () => {
  using alone = lead(undefined, false);
  expect([alone.isHere(), await alone.elsewhere()]).toEqual([true, undefined]);
});
