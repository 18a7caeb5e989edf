import { makeRandom } from "@upreel/testkit";
import { describe, expect, test } from "vitest";
import { combFigures } from "./comb-figures.ts";
import { judgeFilm, judgePlace } from "./judge-fields.ts";

const WIDTH = 64;
const HEIGHT = 48;

/** A picture at moment `t`: shapes with edges that move by `speed` pixels in each. */
function moment(t: number, speed = 3): Uint8Array {
  const picture = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) {
      const band = Math.floor(y / 12) % 2 === 0 ? x - t * speed : x + t * speed;
      picture[y * WIDTH + x] = ((band % 24) + 24) % 24 < 12 ? 60 : 190;
    }
  return picture;
}

function weave(top: Uint8Array, bottom: Uint8Array): Uint8Array {
  const woven = new Uint8Array(top);
  for (let y = 1; y < HEIGHT; y += 2)
    woven.set(bottom.subarray(y * WIDTH, (y + 1) * WIDTH), y * WIDTH);
  return woven;
}

const judge = (frames: readonly Uint8Array[]) =>
  judgePlace([...combFigures({ bytes: Buffer.concat(frames), width: WIDTH, height: HEIGHT })]);
const pictures = (make: (n: number) => Uint8Array, count = 16): Uint8Array[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Moments of the upper and the lower field of picture n of a film in video. */
const PULLDOWN: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [1, 2],
  [2, 3],
  [3, 3],
];
function telecined(n: number, isTopFirst: boolean): Uint8Array {
  const [first = 0, second = 0] = PULLDOWN[n % 5] ?? [];
  const [a, b] = [first, second].map((t) => moment(2 * (4 * Math.floor(n / 5) + t)));
  return isTopFirst ? weave(a!, b!) : weave(b!, a!);
}

describe("a place", () => {
  test("of whole pictures that move is progressive, at any speed", () => {
    for (const speed of [1, 2, 5, 7])
      expect(judge(pictures((n) => moment(n, speed)))).toEqual({ kind: "progressive" });
  });

  test("of pictures woven of two moments is interlaced, and its order is told", () => {
    const upper = pictures((n) => weave(moment(2 * n), moment(2 * n + 1)));
    expect(judge(upper)).toEqual({ kind: "interlaced", order: "tff" });
    const lower = pictures((n) => weave(moment(2 * n + 1), moment(2 * n)));
    expect(judge(lower)).toEqual({ kind: "interlaced", order: "bff" });
  });

  test.each([0, 1, 2, 3, 4])("of film in video is telecine, from picture %i of a cycle", (by) => {
    expect(judge(pictures((n) => telecined(n + by, true)))).toEqual({
      ...{ kind: "telecine", order: "tff" },
    });
    expect(judge(pictures((n) => telecined(n + by, false)))).toEqual({
      ...{ kind: "telecine", order: "bff" },
    });
  });

  test("that becomes interlaced is mixed", () => {
    const some = pictures((n) =>
      n < 10 ? moment(2 * n) : weave(moment(2 * n), moment(2 * n + 1)),
    );
    expect(judge(some)).toEqual({ kind: "mixed", order: "tff" });
  });

  test("where nothing moves says nothing, and noise neither", () => {
    expect(judge(pictures(() => moment(0)))).toBeUndefined();
    const random = makeRandom(1);
    const noise = pictures(() => Uint8Array.from(moment(0), () => 255 * random.next()));
    expect(judge(noise)).toBeUndefined();
    expect(judge([])).toBeUndefined();
  });
});

describe("a film", () => {
  const [progressive, tff] = [
    { kind: "progressive" },
    { kind: "interlaced", order: "tff" },
  ] as const;
  const film = { kind: "telecine", order: "tff" } as const;

  test("is what all its places are, whatever some cannot tell", () => {
    expect(judgeFilm([progressive, undefined, progressive])).toEqual(progressive);
    expect(judgeFilm([tff, undefined, tff])).toEqual(tff);
    expect(judgeFilm([film, undefined, film])).toEqual(film);
    expect(judgeFilm([undefined, undefined])).toBeUndefined();
  });

  test("is mixed where they differ: no picture is dropped, none that is whole is deinterlaced", () => {
    expect(judgeFilm([progressive, tff])).toEqual({ kind: "mixed", order: "tff" });
    expect(judgeFilm([film, progressive])).toEqual({ kind: "mixed", order: "tff" });
    expect(judgeFilm([film, tff])).toEqual({ kind: "mixed", order: "tff" });
  });

  test("of which fields come in both orders has none", () => {
    expect(judgeFilm([tff, { kind: "interlaced", order: "bff" }])).toEqual({ kind: "mixed" });
  });
});
