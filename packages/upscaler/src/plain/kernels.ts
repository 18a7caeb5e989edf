import {
  ADD,
  ADD_32,
  DOT,
  END,
  I32,
  LOAD,
  LOAD_BYTES_AS_16,
  NARROW_16_TO_BYTES,
  NARROW_32_TO_16,
  SHIFT_RIGHT_32,
  SPLAT_32,
  STORE,
  STORE_LOW_HALF,
  HEADER,
  V128,
  constant,
  exportFunction,
  exportMemory,
  get,
  loop,
  many,
  section,
  set,
  shuffle,
  sized,
  typeOf,
  type Code,
} from "./wasm-code.ts";

/**
 * The inner loops of the plain scaler, in WebAssembly with 128-bit lanes: a fifth of what they take in JavaScript. Put
 * together here from their instructions (WebAssembly 2.0, chapter 5): 1.6 kB.
 */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /**
   * The weighted sum of six rows at `p0` to `p5`, into `to`: bytes to 16 bits, of which 5 are a fraction. `length`: bytes, a
   * multiple of 8. `w01`: the first two weights, 12 bits each, in the halves of a word.
   */
  readonly columns: Blend;
  /** The same of rows of 16 bits, into whole bytes. `length`: bytes, a multiple of 16. */
  readonly rows: Blend;
  /** Bytes of two, three or four rows in turn, `stride` apart. `length`: bytes of each, a multiple of 16. */
  readonly zip2: Zip;
  readonly zip3: Zip;
  readonly zip4: Zip;
  /** Every other one of 16 bits into `even`, the rest into `odd`. `length`: bytes of each, a multiple of 16. */
  readonly split: (from: number, even: number, odd: number, length: number) => void;
}

type Zip = (from: number, stride: number, to: number, length: number) => void;
type Blend = (
  ...places: [
    ...[p0: number, p1: number, p2: number, p3: number, p4: number, p5: number],
    ...[to: number, length: number, w01: number, w23: number, w45: number],
  ]
) => void;

/** As far as it is used: the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export function createKernels(): Kernels {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  return exports as Kernels;
}

/** Lanes of 16 bits of two vectors in turn, from the first or from the fifth on. */
const PAIRS = [0, 8].map((from) =>
  [0, 2, 4, 6].flatMap((lane) => [0, 1, 16, 17].map((byte) => from + lane + byte)),
) as [number[], number[]];

interface BlendForm {
  readonly load: Code;
  readonly step: number;
  readonly shift: number;
  readonly store: Code;
  readonly stored: number;
}

/** Parameters are locals 0 to 10; 11 counts bytes, 12 to 17 hold the six rows, 18 to 20 weights, 21 what rounds. */
function blend({ load, step, shift, store, stored }: BlendForm): Code {
  const [to, length, weights, counter, row, weight, half] = [6, 7, 8, 11, 12, 18, 21];
  const six = [0, 1, 2, 3, 4, 5];
  const sumOf = (pairs: readonly number[]): Code => [
    ...[0, 1, 2].flatMap((pair) => [
      ...[...get(row + 2 * pair), ...get(row + 2 * pair + 1), ...shuffle(pairs)],
      ...[...get(weight + pair), ...DOT],
      ...(pair === 0 ? [] : ADD_32),
    ]),
    ...[...get(half), ...ADD_32, ...constant(shift), ...SHIFT_RIGHT_32],
  ];
  return [
    ...[0, 1, 2].flatMap((pair) => [...get(weights + pair), ...SPLAT_32, ...set(weight + pair)]),
    ...[...constant(2 ** (shift - 1)), ...SPLAT_32, ...set(half)],
    ...loop({ counter, step, length }, [
      ...six.flatMap((tap) => [...get(tap), ...get(counter), ...ADD, ...load, ...set(row + tap)]),
      ...[...get(to), ...sumOf(PAIRS[0]), ...sumOf(PAIRS[1]), ...NARROW_32_TO_16, ...store],
      ...[...get(to), ...constant(stored), ...ADD, ...set(to)],
    ]),
  ];
}

const COLUMNS: BlendForm = {
  ...{ load: LOAD_BYTES_AS_16, step: 8, shift: 7, store: STORE(), stored: 16 },
};
/** Twice the same, of which the low half is stored: the vector is narrowed with itself, which is in local 12. */
const ROWS: BlendForm = {
  ...{ load: LOAD(), step: 16, shift: 17, stored: 8 },
  store: [...set(12), ...get(12), ...get(12), ...NARROW_16_TO_BYTES, ...STORE_LOW_HALF],
};

/** Local 4 counts, 5 and 6 hold what is mixed; the second part of 32 bytes comes 16 after the first. */
const EACH_16_BYTES = { counter: 4, step: 16, length: 3 };
const place = (base: number, times = 1): Code => [
  ...get(base),
  ...Array.from({ length: times }, () => [...get(4), ...ADD]).flat(),
];
const HALVES = [0, 2].map((from) =>
  Array.from({ length: 16 }, (_, i) => from + 4 * (i >> 1) + (i & 1)),
);

/** Bytes of `count` rows in turn: the first two are mixed, then each further one into what the ones before gave. */
function zipOf(count: number): Code {
  const rows = Array.from({ length: count }, (_, i) => i);
  const mix = (part: number, second: number): Code =>
    shuffle(
      Array.from({ length: 16 }, (_, i) => {
        const [row, lane] = [(16 * part + i) % count, Math.floor((16 * part + i) / count)];
        if (row === second) return 16 + lane;
        return second === 1 && row === 0 ? lane : i;
      }),
    );
  return loop(EACH_16_BYTES, [
    ...rows.flatMap((row) => [
      ...[...place(0), ...rows.slice(0, row).flatMap(() => [...get(1), ...ADD])],
      ...[...LOAD(), ...set(5 + row)],
    ]),
    ...rows.flatMap((part) => [
      ...[...place(2, count), ...get(5)],
      ...rows.slice(1).flatMap((row) => [...get(5 + row), ...mix(part, row)]),
      ...STORE(16 * part),
    ]),
  ]);
}
const split = loop(EACH_16_BYTES, [
  ...[...place(0, 2), ...LOAD(), ...set(5), ...place(0, 2), ...LOAD(16), ...set(6)],
  ...[0, 1].flatMap((part) => [
    ...[...place(1 + part), ...get(5), ...get(6), ...shuffle(HALVES[part] ?? []), ...STORE()],
  ]),
]);

function moduleBytes(): Uint8Array {
  const body = (vectors: number, code: Code): Code => {
    const locals = many([
      [1, I32],
      [vectors, V128],
    ]);
    return sized([...locals, ...code, END]);
  };
  const types = [typeOf(11), typeOf(4)];
  /** Each with its type. */
  const functions: readonly (readonly [string, number, Code])[] = [
    ["columns", 0, body(10, blend(COLUMNS))],
    ["rows", 0, body(10, blend(ROWS))],
    ["zip2", 1, body(2, zipOf(2))],
    ["zip3", 1, body(3, zipOf(3))],
    ["zip4", 1, body(4, zipOf(4))],
    ["split", 1, body(2, split)],
  ];
  const onePage = [0, 1];
  return Uint8Array.from([
    ...HEADER,
    ...section("types", types),
    ...section(
      "functions",
      functions.map(([, type]) => [type]),
    ),
    ...section("memories", [onePage]),
    ...section("exports", [
      exportMemory("memory", 0),
      ...functions.map(([name], index) => exportFunction(name, index)),
    ]),
    ...section(
      "code",
      functions.map(([, , code]) => code),
    ),
  ]);
}
