import { join } from "node:path";
import { makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ContentGuess } from "./classify-content.ts";
import { lookAtContent } from "./content-samples.ts";
import { takeLook } from "./take-look.ts";
import { probeFile, TOOLS } from "../testing/test-run.ts";

let folder: TempFolder;
beforeAll(async () => {
  folder = await makeTempFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function guess(file: string, pictures: string, filter: string): Promise<ContentGuess> {
  const size = { width: 160, height: 90, rate: 12, seconds: 4 };
  const clip = await makeClip(join(folder.path, file), {
    ...{ ...size, pictures, extraArgs: ["-vf", filter] },
  });
  const film = await probeFile(clip);
  return lookAtContent(film, { ...TOOLS, look: takeLook }, AbortSignal.timeout(240_000));
}

/** Chroma of a picture under grain whose brightness grows to the right. */
const light = (cb: string, cr: string): string =>
  `geq=lum=40+170*X/W:cb=128+${cb}:cr=128+${cr},noise=c0s=20:c0f=t`;
const around = (turn: string): string => `30*${turn}(2*PI*Y/H)`;

const box = (colour: string): string => `drawbox=x=40:y=20:w=60:h=50:color=${colour}:t=fill`;

it.each([
  ["a drawing", "animation", "color=c=0x3090e0", box("0xe08020")],
  ["rendered light", "animation", "color=c=gray", light(around("cos"), around("sin"))],
  ["light of one hue", "film", "color=c=gray", light("30", "5")],
  ["grain", "film", "color=c=0x3090e0", "noise=alls=60:allf=t"],
  [
    "texture",
    "film",
    "testsrc2=rate=12",
    "scale=40:22,scale=160:90,hue=s=0.05,noise=alls=20:allf=t",
  ],
  ["a grey screen", "film", "color=c=0xd8d8d8", box("0xa0a0a0")],
  ["the dark", "film", "color=c=black", "null"],
] as const)(
  "%s is taken for %s, with the figures that say so",
  async (name, content, pictures, filter) => {
    const told = await guess(`${name.replaceAll(" ", "-")}.mp4`, pictures, filter);
    expect(told).toEqual({ content, why: expect.stringMatching(/levels from grey|dark/) });
  },
);

it("a short transport stream, in which seeking finds no key frame, is looked at from its beginning", async () => {
  const drawing = ["color=c=0x3090e0", box("0xe08020")] as const;
  expect((await guess("short.ts", ...drawing)).content).toBe("animation");
});
