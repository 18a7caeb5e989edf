import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { describeSession, readSessions, sessionLine, summarize } from "./analyze.ts";
import { openSession } from "./session/session-record.ts";

it("tells how many transcodes were upscaled, how fast, and why others were not", async () => {
  await using folder = await makeTempFolder();
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
  const upscaled = openSession(folder.path, ["-i", "file:/films/a.mkv"], at(1));
  upscaled.noteFirst(2.5);
  upscaled.keep(Buffer.from("frame= 1\n"));
  upscaled.set({ outcome: "upscaled", path: "/films/a.mkv", segments: 7, seconds: 20 });
  for (const minute of [2, 3])
    openSession(folder.path, [], at(minute)).set({
      ...{ outcome: "left", reason: "subtitles are drawn into its picture" },
    });
  // Neither half a record nor a foreign folder is in the way.
  await mkdir(join(folder.path, "other"));
  await writeFile(join(folder.path, "other", "session.json"), "{");

  const sessions = await readSessions(folder.path);
  expect(summarize(sessions)).toEqual([
    "3 transcodes; 1 of a kind that can be upscaled, 1 of them upscaled to the end",
    "first segment after 2.5 s, half of them sooner",
    "2 × left to Jellyfin's own command: subtitles are drawn into its picture",
  ]);
  const { id = "" } = sessions.at(-1) ?? {};
  expect(sessionLine(sessions.at(-1) as never)).toBe(`${id}  upscaled  7 segments  /films/a.mkv`);
  expect((await describeSession(folder.path, id)).join("\n")).toContain(
    "first segment after 2.5 s, 20 s in all\nordered: ffmpeg -i file:/films/a.mkv\nframe= 1\n",
  );
  const left = sessions[0]?.id ?? "";
  expect(await describeSession(folder.path, left)).toContain("no upscaled segment");
  await expect(describeSession(folder.path, "../..")).rejects.toThrow("there is no transcode");
});

it("keeps the last fifty, and nothing where it cannot write", async () => {
  await using folder = await makeTempFolder();
  for (let n = 0; n < 53; n += 1) openSession(folder.path, [], new Date(n * 1000));
  const sessions = await readSessions(folder.path);
  expect(sessions).toHaveLength(50);
  expect(sessions[0]?.started_at).toBe("1970-01-01T00:00:52.000Z");
  await writeFile(join(folder.path, "file"), "");
  openSession(join(folder.path, "file"), [], new Date(0)).note("is not written");
  expect(summarize(await readSessions("/nowhere"))).toEqual([
    "No transcode yet: direct play and copies need none.",
  ]);
});
