import { setImmediate as turn } from "node:timers/promises";
import type { FileIdentity } from "@upreel/core";
import { expect, it } from "vitest";
import type { GatewayDeps } from "../deps.ts";
import { createPlanAhead } from "./plan-ahead.ts";

it("plans one film at a time, and of those that are passed by meanwhile only the last", async () => {
  const planned: string[] = [];
  const doors = new Map<string, () => void>();
  const planAhead = createPlanAhead({
    config: { faces: { isOn: false, strength: 0 } },
    roots: [],
    files: {
      async locate(path: string) {
        if (path === "gone") throw new Error("no such film");
        return { path };
      },
    },
    log: { debug: () => undefined },
    prepare: async ({ path }: FileIdentity) => {
      planned.push(path);
      await new Promise<void>((resolve) => doors.set(path, resolve));
    },
  } as unknown as GatewayDeps);
  for (const path of ["gone", "a", "b", "c"]) {
    planAhead(path);
    await turn();
  }
  expect(planned).toEqual(["a"]);
  doors.get("a")?.();
  await turn();
  expect(planned).toEqual(["a", "c"]);
});
