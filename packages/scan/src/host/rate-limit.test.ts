import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openRig } from "../testing/open-rig.ts";
import { writePlugin } from "../testing/write-plugin.ts";
import { createRateLimit } from "./rate-limit.ts";

const never = new AbortController().signal;
const FILMS = ["/films/a.mkv", "/films/b.mkv", "/films/c.mkv"] as const;

it("a plugin is called as often as it allows; the films that it would have to wait for are skipped, and others look at them", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const tells = `const before = methods["mediaScan.scanSingle"];
    methods["mediaScan.scanSingle"] = (id, params) => { console.error("asked"); before(id, params); };
    begin()`;
  // Its version, and two films.
  const rateLimit = {
    requests: [
      { max: 50, window: "1s" },
      { max: 3, window: "1h" },
    ],
  };
  await writePlugin(rig.pluginsDir, "a-limited", tells, { rateLimit });
  await writePlugin(rig.pluginsDir, "b-free", "begin()");
  for (const film of FILMS.slice(0, 2))
    expect((await rig.scan(film)).tasks).toMatchObject([{ state: "done" }, { state: "done" }]);
  expect(await rig.scan(FILMS[2])).toMatchObject({
    state: "done",
    tasks: [
      { plugin: "a-limited", state: "skipped", skipped: { rate_limit: 1 }, seconds: null },
      { plugin: "b-free", state: "done" },
    ],
  });
  const { plugin } = await rig.plugins.get("a-limited");
  const asked = plugin.log.lines().filter(({ text }) => text === "asked");
  expect([asked.length, plugin.state]).toEqual([2, "running"]);
  await expect(plugin.tell("event.dispatch", {}, 60_000, never)).rejects.toThrow(
    /its rateLimit allows no call for another 3\d\d\d s/,
  );
});

it("a short pause is waited for", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const rateLimit = { requests: [{ max: 1, window: "1s" }] };
  await writePlugin(rig.pluginsDir, "slow", "begin()", { rateLimit });
  const { tasks } = await rig.scan(FILMS[0]);
  // Its version, and then the film.
  expect(tasks).toMatchObject([{ state: "done" }]);
  expect(tasks[0]?.seconds).toBeGreaterThanOrEqual(1);
});

it("a plugin gets as many calls at a time as it says", async () => {
  await using folder = await makeTempFolder();
  await using rig = openRig(folder.path);
  const counts = `let now = 0;
    methods["event.dispatch"] = (id) => {
      console.error("now " + (now += 1));
      setTimeout(() => { now -= 1; answer(id, { ok: true }); }, 20);
    };
    begin()`;
  await writePlugin(rig.pluginsDir, "two", counts, { rateLimit: { maxConcurrency: 2 } });
  const { plugin } = await rig.plugins.get("two");
  const tell = () => plugin.tell("event.dispatch", {}, 60_000, never);
  await Promise.all(Array.from({ length: 6 }, tell));
  const most = plugin.log.lines().flatMap(({ text }) => /^now (\d)/.exec(text)?.[1] ?? []);
  expect(most).toHaveLength(6);
  expect(most.toSorted().at(-1)).toBe("2");
});

it("who waits for a pause leaves when nobody wants the answer any more", async () => {
  let nowMs = 0;
  const limit = createRateLimit({ requests: [{ max: 1, window: "1m" }] }, () => nowMs);
  expect(await limit.run(async () => "at once", never)).toBe("at once");
  const leaving = new AbortController();
  const waiting = limit.run(async () => "late", leaving.signal);
  leaving.abort();
  await expect(waiting).rejects.toThrow();
  nowMs = 60_000;
  expect(await limit.run(async () => "after it", never)).toBe("after it");
  // A clock that was put back makes no pause longer than the window.
  nowMs = -1e9;
  const hour = createRateLimit({ requests: [{ max: 1, window: "999999999999h" }] }, () => nowMs);
  await hour.run(async () => undefined, never);
  await expect(hour.run(async () => undefined, never)).rejects.toThrow("rateLimit");
});

it("a clock that was set back does not hold calls until it is there again", async () => {
  let now = 10 * 3_600_000;
  const limit = createRateLimit({ requests: [{ max: 1, window: "1h" }] }, () => now);
  const call = () => limit.run(async () => "answered", never);
  expect(await call()).toBe("answered");
  await expect(call()).rejects.toThrow(/rateLimit/);
  now = 0;
  expect(await call()).toBe("answered");
  await expect(call()).rejects.toThrow(/rateLimit/);
});
