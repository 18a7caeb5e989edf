import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFakeItem } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { ask, ID, makeReady, parse, startRig, type Rig } from "../../testing/proxy-rig.ts";

const TICKS = 10_000_000;
const INTRO = { pluginId: "p", role: "intro", startSeconds: 5, endSeconds: 35 } as const;
const CREDITS = { pluginId: "p", role: "credits", startSeconds: 330, endSeconds: 350 } as const;
/** Nothing is upscaled here: what would wait for it does not. */
const HASTY = { answerMs: 300 };
const HAS_OWN = "11111111111141118111111111111111";

/** One more film, in which Jellyfin's own plugin found an intro at `from` to `to` seconds. */
async function addOwn({ jellyfin, app }: Rig, from: number, to: number) {
  const path = join(app.films, "own.mkv");
  await writeFile(path, "x");
  const own = {
    ...{ Id: "22222222222242228222222222222222", ItemId: HAS_OWN, Type: "Intro" },
    ...{ StartTicks: from * TICKS, EndTicks: to * TICKS },
  };
  jellyfin.items.push(makeFakeItem({ id: HAS_OWN, path, file: path, segments: [own] }));
  app.chapters.set(path, [INTRO, CREDITS]);
  return own;
}

const segments = async ({ app }: Rig, id: string, query = ""): Promise<unknown[]> => {
  const answer = await ask(`${app.proxyUrl}/MediaSegments/${id}${query}`);
  expect(answer.status).toBe(200);
  const { Items, TotalRecordCount } = JSON.parse(answer.body.toString());
  expect(TotalRecordCount).toBe(Items.length);
  return Items;
};
const hasSegments = async (rig: Rig): Promise<unknown> => {
  const [source] = parse(await rig.play()).MediaSources;
  return source && (source as unknown as Record<string, unknown>)["HasSegments"];
};

describe("intros and credits in Jellyfin's clients", () => {
  it("are told of in PlaybackInfo, of the original and of the upscaled film", async () => {
    await using rig = await startRig({}, { ON_PLAY: "off" });
    expect(await hasSegments(rig)).toBe(false);
    rig.app.chapters.set(rig.film, [INTRO]);
    expect(await hasSegments(rig)).toBe(true);
    await using upscaled = await startRig();
    upscaled.app.chapters.set(upscaled.film, [INTRO]);
    await makeReady(upscaled.app);
    const answer = parse(await upscaled.play());
    expect(answer.MediaSources).toMatchObject([{ HasSegments: true }]);
    expect(answer.MediaSources[0]?.TranscodingUrl).toContain("/upscale/hls/abc/");
  });

  it("are answered for the source that PlaybackInfo named, as they are asked for", async () => {
    await using rig = await startRig({}, {}, HASTY);
    rig.app.chapters.set(rig.film, [INTRO, CREDITS]);
    expect(await segments(rig, ID)).toEqual([]);
    await rig.play();
    expect(await segments(rig, ID)).toMatchObject([
      { ItemId: ID, Type: "Intro", StartTicks: 5 * TICKS, EndTicks: 35 * TICKS },
      { ItemId: ID, Type: "Outro", StartTicks: 330 * TICKS, EndTicks: 350 * TICKS },
    ]);
    expect(await segments(rig, ID, "?includeSegmentTypes=Outro")).toMatchObject([
      { Type: "Outro" },
    ]);
  });

  it("come after Jellyfin's own, and give way to them; with an API key all films are known", async () => {
    await using rig = await startRig({}, { JELLYFIN_API_KEY: "0000000000000000000000000000000c" });
    const own = await addOwn(rig, 0, 30);
    expect(await segments(rig, HAS_OWN)).toEqual([
      own,
      expect.objectContaining({ Type: "Outro", StartTicks: 330 * TICKS }),
    ]);
  });

  it("are told of in details of items; a look at those has no plugin look at the film", async () => {
    await using rig = await startRig({}, { ON_PLAY: "off" });
    const details = async () => {
      const answer = await ask(`${rig.app.proxyUrl}/Items/${ID}`);
      expect(answer.status).toBe(200);
      return answer.body.toString();
    };
    const before = await details();
    expect(JSON.parse(before)).toMatchObject({ MediaSources: [{ HasSegments: false }] });
    expect(before).toBe((await ask(`${rig.jellyfin.url}/Items/${ID}`)).body.toString());
    rig.app.chapters.set(rig.film, [INTRO]);
    const marked: unknown = JSON.parse(before.replace('"HasSegments":false', '"HasSegments":true'));
    expect(JSON.parse(await details())).toEqual(marked);
    const { jobs } = (await (await fetch(`${rig.app.url}/scans`)).json()) as { jobs: unknown[] };
    expect(jobs).toEqual([]);
    expect((await ask(`${rig.app.proxyUrl}/Items/${HAS_OWN}`)).status).toBe(404);
  });

  it("are nobody's who may not see the film", async () => {
    await using rig = await startRig({}, {}, HASTY);
    rig.app.chapters.set(rig.film, [INTRO]);
    await rig.play();
    const url = `${rig.app.proxyUrl}/MediaSegments/${ID}`;
    expect((await ask(url, { headers: { authorization: "" } })).status).toBe(401);
    rig.jellyfin.items.length = 0;
    expect((await ask(url)).status).toBe(404);
  });
});
