import type { RungRef } from "@upreel/core";
import { expect, it } from "vitest";
import { makeFarmOrder } from "../../../workers/src/farm/testing/make-farm-order.ts";
import { localFaces, localOrder } from "./local-order.ts";

it("an order is done by this machine's providers, and told of by those of its owner", () => {
  const { rung: plain, ...rest } = makeFarmOrder();
  const named = (id: string, provider: RungRef["provider"]): RungRef => ({
    ...{ ...plain, provider },
    model: { ...plain.model, id },
  });
  const owners = [named("best", "cuda"), named("fast", "cpu")] as const;
  const given = { ...rest, rung: owners[0], otherRungs: [owners[1]] };
  const { order, toLocal, toOwner } = localOrder(given, (rung) => ({
    ...rung,
    provider: "webgpu",
  }));
  expect([order.rung, ...order.otherRungs].map((rung) => [rung.model.id, rung.provider])).toEqual([
    ["best", "webgpu"],
    ["fast", "webgpu"],
  ]);
  const [best, fast] = [
    { model: "best", provider: "cuda" },
    { model: "fast", provider: "cpu" },
  ] as const;
  for (const owner of [best, fast]) {
    const local = { model: owner.model, provider: "webgpu" };
    expect(toLocal(owner)).toEqual(local);
    expect(toOwner(toLocal(owner))).toEqual(owner);
  }
  const unknown = { model: "other", provider: "cpu" } as const;
  expect([toLocal(unknown), toOwner(unknown)]).toEqual([unknown, unknown]);
});

it("faces are restored where the owner does it if this machine can, else by its processor", () => {
  const { rung } = makeFarmOrder();
  const network = { id: "a", hash: "0".repeat(64) };
  const faces = { strength: 1, provider: "cuda", detector: network, restorer: network } as const;
  const on = (...providers: ("cuda" | "cpu")[]) =>
    localFaces({ ...rung, faces }, { providers }).faces?.provider;
  expect([on("cuda", "cpu"), on("cpu")]).toEqual(["cuda", "cpu"]);
  expect(localFaces(rung, { providers: ["cpu"] })).toEqual({});
});
