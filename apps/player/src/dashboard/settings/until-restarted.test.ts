import { afterEach, expect, it, vi } from "vitest";
import { untilRestarted } from "./until-restarted.ts";

afterEach(() => void vi.unstubAllGlobals());

it("waits through a gateway that is away until no setting waits for a restart", async () => {
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  const settings = (isWaiting: boolean) => Response.json({ settings: [{ is_waiting: isWaiting }] });
  const answers = [
    () => Promise.resolve(settings(true)),
    () => Promise.reject(new TypeError("refused")),
    () => Promise.resolve(new Response("", { status: 502 })),
    () => Promise.resolve(settings(false)),
  ];
  vi.stubGlobal("fetch", () => answers.shift()?.());
  const { signal } = new AbortController();
  const answer = await untilRestarted(signal, 1);
  expect([answer, answers]).toEqual([{ settings: [{ is_waiting: false }] }, []]);
});
