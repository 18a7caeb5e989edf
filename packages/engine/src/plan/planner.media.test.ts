import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FilmFacts, Output, Profile } from "@upreel/core";
import { takeLook, type FilmLook, type TakeLook } from "@upreel/media";
import { makeRecord, makeRecordingLog, makeTempFolder, runFfmpeg } from "@upreel/testkit";
import { expect, it } from "vitest";
import { contentOf } from "../ladder/content.ts";
import { createPlanner } from "./planner.ts";

const TOOLS = { ffmpeg: "ffmpeg", ffprobe: "ffprobe" };
const never = new AbortController().signal;
const NOTHING: FilmFacts = {
  ...{ scan: null, content: null, bars: null, noise: null, compression: null },
  ...{ cuts_per_minute: null, loudness: null },
};

/** Stripes that move from field to field, in a film that says it has none. */
async function makeCombed(folder: string) {
  const path = join(folder, "film.mkv");
  const stripes =
    "nullsrc=s=96x72:r=50:d=4,format=yuv420p," +
    "geq=lum='if(lt(mod(X+4*N+8*floor(Y/16),32),16),50,200)':cb=128:cr=128";
  const filters = `${stripes},tinterlace=interleave_top,setfield=prog`;
  await runFfmpeg(["-f", "lavfi", "-i", filters, "-preset", "ultrafast", "-qp", "1", path]);
  const { size, mtimeMs } = await stat(path);
  return { path, sizeBytes: size, modifiedMs: mtimeMs };
}

/** What is planned of the combed film, and what was looked at for that. */
async function plan(
  facts: Partial<FilmFacts> | undefined,
  how: { readonly look?: TakeLook; readonly profile?: Partial<Profile> } = {},
) {
  await using folder = await makeTempFolder();
  const file = await makeCombed(folder.path);
  const looks: FilmLook["kind"][] = [];
  const log = makeRecordingLog();
  const look: TakeLook = (wanted, signal) => {
    looks.push(wanted.kind);
    return (how.look ?? takeLook)(wanted, signal);
  };
  let output: Output | undefined;
  const planner = createPlanner(
    {
      ...{ ...TOOLS, log, look, onTimed: () => undefined, screenLines: () => 1080 },
      factsOf: async () => (facts === undefined ? undefined : { ...NOTHING, ...facts }),
      contentOf: (profile, film, known, signal) =>
        contentOf(
          profile,
          film,
          { ...TOOLS, look, known, isAsked: () => Promise.resolve(true), log },
          signal,
        ),
      ladderFor: async (_profile, _timeline, planned) => {
        output = planned;
        return [];
      },
      factorsOf: () => Promise.resolve(undefined),
      encoderFor: () => Promise.resolve("libx264"),
    },
    { segmentSeconds: 4, maxOutputHeight: 1080 },
  );
  const { source } = await planner.plan(file, { ...makeRecord().profile, ...how.profile }, never);
  return { looks, scan: source.video.scan, content: output?.content };
}

it("looks at a film of which nothing is known, by whoever looks", async () => {
  const { looks, scan, content } = await plan(undefined);
  expect(new Set(looks)).toEqual(new Set(["fields", "content"]));
  expect(scan).toEqual({ kind: "interlaced", order: "tff" });
  expect(content?.kind).toBe("film");
});

it("goes by what a plugin found, and looks at nothing a second time", async () => {
  const scan = { kind: "mixed", order: "bff" } as const;
  const content = { kind: "animation", why: "a plugin saw it" } as const;
  expect(await plan({ scan, content })).toEqual({ looks: [], scan, content });
});

it("looks for what the plugin could not tell, and believes who asks for a kind of film", async () => {
  const content = { kind: "animation", why: "a plugin saw it" } as const;
  const part = await plan({ content });
  expect(new Set(part.looks)).toEqual(new Set(["fields"]));
  expect(part).toMatchObject({ scan: { kind: "interlaced" }, content });
  const asked = await plan(
    { scan: { kind: "progressive" }, content },
    { profile: { content: "film" } },
  );
  expect(asked).toMatchObject({ looks: [], content: { kind: "film", why: "as asked for" } });
});

it("plans a film all the same where nobody can look", async () => {
  const look = () => Promise.reject(new Error("the process is gone"));
  const { scan, content } = await plan(undefined, { look });
  expect({ scan, content }).toEqual({ scan: undefined, content: undefined });
});
