import type { ItemQuery, JellyfinItem } from "@upreel/jellyfin";
import { expect, it } from "vitest";
import { createJellyfinPosters } from "./jellyfin-posters.ts";

const film = (path: string) => ({
  ...{ id: "f", title: "F", year: undefined, path, realPath: path, folder: "/films" },
  ...{ sizeBytes: 1, modifiedMs: 1 },
});
const { signal } = new AbortController();

function posters(items: readonly Partial<JellyfinItem>[]) {
  const asked: ItemQuery[] = [];
  let nowMs = 0;
  const find = createJellyfinPosters({
    client: {
      items: async (query) => {
        asked.push(query);
        const { startIndex, limit } = query;
        const page = items.slice(startIndex, startIndex + limit) as JellyfinItem[];
        return { items: page, total: items.length };
      },
    },
    pathHere: (path) => {
      if (!path.startsWith("/media/")) throw new Error("elsewhere");
      return path.replace("/media", "/films");
    },
    picture: async (id) => Buffer.from(id),
    log: { debug: () => undefined },
    nowMs: () => nowMs,
  });
  return { find, asked, wait: (ms: number) => (nowMs += ms) };
}

it("finds a film by its file among all items, which are asked for once in a while", async () => {
  const items = Array.from({ length: 700 }, (_, k) => ({ Id: `i${k}`, Path: `/media/${k}.mkv` }));
  const { find, asked, wait } = posters([...items, { Id: "w", Path: "D:\\x.mkv" }, { Id: "n" }]);
  const picture = await find(film("/films/650.mkv"), signal);
  expect(String(await picture?.read(signal))).toBe("i650");
  expect(await find(film("/films/none.mkv"), signal)).toBe(undefined);
  expect(asked).toHaveLength(2);
  wait(300_000);
  await find(film("/films/none.mkv"), signal);
  expect(asked).toHaveLength(4);
});

it("tells a picture by its tag, as the library has it now, and that there is none", async () => {
  const items = [{ Id: "a", Path: "/media/a.mkv", ImageTags: { Primary: "first" } }];
  const { find, wait } = posters(items);
  const tag = async () => (await find(film("/films/a.mkv"), signal))?.tag;
  expect(await tag()).toBe("first");
  items[0] = { ...items[0]!, ImageTags: { Primary: "second" } };
  expect(await tag()).toBe("first");
  wait(300_000);
  expect(await tag()).toBe("second");
  items[0] = { Id: "a", Path: "/media/a.mkv", ImageTags: {} as never };
  wait(300_000);
  expect(await find(film("/films/a.mkv"), signal)).toMatchObject({ tag: undefined });
});
