import { expect, it } from "vitest";
import { untilFinished } from "./until-finished.ts";

const NEVER = new AbortController().signal;

it("a job whose end nobody tells is found by looking again, also after a look that failed", async () => {
  let looks = 0;
  const queue = {
    subscribe: () => () => undefined,
    async get(id: string) {
      looks += 1;
      if (looks === 2) throw new Error("the server is away");
      if (looks < 4) return { id, data: {}, state: "running" as const };
      return { id, data: {}, state: "done" as const, result: "its result" };
    },
  };
  expect(await untilFinished(queue, "a", NEVER, 1)).toBe("its result");
  expect(looks).toBe(4);
});
