import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FilmLook } from "@upreel/media";
import { eventually, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFilmLooker } from "./film-looker.ts";

const never = new AbortController().signal;
const look = (ffmpeg: string): FilmLook => ({
  ...{ kind: "content", ffmpeg, ways: [[]], width: 8, height: 8, pictures: 2, longestMs: 240_000 },
});

/** Says the name of each "ffmpeg" back, with its process id; `die` ends it, `hang` is answered when it is not wanted any more, `deaf` never. */
const ECHO = `
process.on("disconnect", () => process.exit());
const deaf = new Set();
process.on("message", ({ type, id, look }) => {
  if (type === "cancel") return deaf.delete(id) || process.send({ type: "failed", id, message: "cancelled" });
  if (look.ffmpeg === "deaf") return deaf.add(id);
  if (look.ffmpeg === "die") process.exit(3);
  if (look.ffmpeg === "fail") return process.send({ type: "failed", id, message: "no picture" });
  if (look.ffmpeg === "lie") return process.send({ type: "seen", id, answer: { kind: "content", content: "opera", why: "" } });
  if (look.ffmpeg !== "hang") process.send({ type: "seen", id, answer: { kind: "content", content: "film", why: look.ffmpeg + " " + process.pid } });
});
`;

async function echo(graceMs?: number) {
  const folder = await makeTempFolder();
  const script = join(folder.path, "echo.mjs");
  await writeFile(script, ECHO);
  const log = makeRecordingLog();
  const looker = createFilmLooker({ log, script, ...(graceMs === undefined ? {} : { graceMs }) });
  return {
    log,
    async ask(what: string, { signal = never, longestMs = 240_000 } = {}): Promise<string> {
      const answer = await looker.look({ ...look(what), longestMs }, signal);
      return answer.kind === "content" ? answer.why : "";
    },
    async [Symbol.asyncDispose]() {
      await looker[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

it("looks at all films in one process, which is not this one", async () => {
  await using looker = await echo();
  const [first, second] = await Promise.all([looker.ask("a"), looker.ask("a")]);
  expect(second).toBe(first);
  expect(first).not.toBe(`a ${process.pid}`);
});

it("goes on in another process when one has died, and says what could not be seen", async () => {
  await using looker = await echo();
  const before = await looker.ask("a");
  await expect(looker.ask("die")).rejects.toMatchObject({ code: "worker_lost" });
  expect(await looker.ask("a")).not.toBe(before);
  await expect(looker.ask("fail")).rejects.toThrow("no picture");
  expect(looker.log.entries.map(({ message }) => message)).toEqual([
    expect.stringMatching(/gone: exit code 3/),
    expect.stringMatching(/gone: exit code 3/),
  ]);
});

it.each(["hang", "lie"])("ends a process that does not answer in its time: %s", async (what) => {
  await using looker = await echo(0);
  const before = await looker.ask("a");
  await expect(looker.ask(what, { longestMs: 50 })).rejects.toMatchObject({ code: "timeout" });
  const after = await eventually("another one answers", () =>
    looker.ask("a").catch(() => undefined),
  );
  expect(after).not.toBe(before);
});

it.each(["hang", "deaf"])("leaves who does not want it any more alone: %s", async (what) => {
  await using looker = await echo();
  const aborting = new AbortController();
  const asked = looker.ask(what, { signal: aborting.signal });
  aborting.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  expect(await looker.ask("a")).toMatch(/^a /);
});

it("tells by the real process what a film is", async () => {
  await using folder = await makeTempFolder();
  const ffmpeg = join(folder.path, "ffmpeg");
  await writeFile(ffmpeg, "#!/bin/sh\nhead -c 384 /dev/zero\n");
  await chmod(ffmpeg, 0o755);
  await using looker = createFilmLooker({ log: makeRecordingLog() });
  expect(await looker.look(look(ffmpeg), never)).toEqual({
    ...{ kind: "content", content: "film", why: "nothing but dark pictures were found" },
  });
  expect(
    await looker.look({ ...look("true"), kind: "fields", args: [] } as FilmLook, never),
  ).toEqual({
    ...{ kind: "fields", places: [] },
  });
});

/** Says its process id there, and goes on without an end. */
async function endless(folder: string): Promise<{ ffmpeg: string; pid: () => Promise<number> }> {
  const [ffmpeg, pid] = [join(folder, "ffmpeg"), join(folder, "pid")];
  await writeFile(
    ffmpeg,
    `#!/bin/sh\necho $$ >'${pid}.new'\nmv '${pid}.new' '${pid}'\nexec sleep 600\n`,
  );
  await chmod(ffmpeg, 0o755);
  const read = () => readFile(pid, "utf8").catch(() => undefined);
  return { ffmpeg, pid: async () => Number(await eventually("an ffmpeg", read)) };
}

it("tells who gives up when the ffmpeg is gone", async () => {
  await using folder = await makeTempFolder();
  const { ffmpeg, pid } = await endless(folder.path);
  await using looker = createFilmLooker({ log: makeRecordingLog(), cancelMs: 240_000 });
  const aborting = new AbortController();
  const asked = looker.look(look(ffmpeg), aborting.signal);
  const started = await pid();
  aborting.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  expect(() => process.kill(started, 0)).toThrow(/ESRCH/);
});

it("leaves no ffmpeg behind when its process is killed", async () => {
  await using folder = await makeTempFolder();
  const { ffmpeg, pid } = await endless(folder.path);
  const looker = createFilmLooker({ log: makeRecordingLog() });
  const asked = looker.look(look(ffmpeg), never).catch(() => undefined);
  const started = await pid();
  await looker[Symbol.asyncDispose]();
  await asked;
  const isGone = (): true | undefined => {
    try {
      process.kill(started, 0);
      return undefined;
    } catch {
      return true;
    }
  };
  await eventually("the ffmpeg is gone", async () => isGone());
});
