/** Parts of a WebAssembly module, as bytes (WebAssembly 2.0, chapter 5). */
export type Code = readonly number[];

/** Unsigned, seven bits a byte (LEB128). */
function number(value: number): Code {
  const low = value & 127;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 128, ...number(rest)];
}
export const many = (items: readonly Code[]): Code => [...number(items.length), ...items.flat()];
export const sized = (code: Code): Code => [...number(code.length), ...code];
const SECTIONS = { types: 1, functions: 3, memories: 5, exports: 7, code: 10 } as const;
export const section = (name: keyof typeof SECTIONS, items: readonly Code[]): Code => [
  SECTIONS[name],
  ...sized(many(items)),
];
/** The magic number of a module, and its version. */
export const HEADER: Code = [...Buffer.from("\0asm"), 1, 0, 0, 0];

export const I32 = 0x7f;
export const V128 = 0x7b;
/** Of a function that takes so many numbers and gives none. */
export const typeOf = (parameters: number): Code => [
  0x60,
  ...many(Array.from({ length: parameters }, () => [I32])),
  ...many([]),
];
const text = (name: string): Code => sized([...Buffer.from(name)]);
export const exportFunction = (name: string, index: number): Code => [...text(name), 0, index];
export const exportMemory = (name: string, index: number): Code => [...text(name), 2, index];

export const END = 0x0b;
export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
/** Signed LEB128; all constants here are positive. */
export const constant = (value: number): Code => [0x41, ...(value < 64 ? [value] : signed(value))];
const signed = (value: number): Code =>
  value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];
export const ADD = [0x6a] as const;
const LESS = [0x49] as const;
const [LOOP, NO_RESULT, BRANCH_IF] = [0x03, 0x40, 0x0d];

/** `body` at least once, and again while the local `counter`, to which `step` is added each time, is less than the local `length`. */
export const loop = (
  { counter, step, length }: Readonly<Record<"counter" | "step" | "length", number>>,
  body: Code,
): Code => [
  ...[LOOP, NO_RESULT, ...body],
  ...[...get(counter), ...constant(step), ...ADD, ...set(counter)],
  ...[...get(counter), ...get(length), ...LESS, BRANCH_IF, 0, END],
];
const simd = (opcode: number, ...rest: readonly number[]): Code => [
  0xfd,
  ...number(opcode),
  ...rest,
];
/** Not aligned, `offset` bytes further. */
const at = (offset: number): Code => [0, ...number(offset)];
export const LOAD = (offset = 0): Code => simd(0x00, ...at(offset));
export const LOAD_BYTES_AS_16 = simd(0x02, ...at(0));
export const STORE = (offset = 0): Code => simd(0x0b, ...at(offset));
export const STORE_LOW_HALF = simd(0x5b, ...at(0), 0);
export const shuffle = (lanes: readonly number[]): Code => simd(0x0d, ...lanes);
export const SPLAT_32 = simd(0x11);
export const NARROW_32_TO_16 = simd(0x85);
export const NARROW_16_TO_BYTES = simd(0x66);
export const SHIFT_RIGHT_32 = simd(0xac);
export const ADD_32 = simd(0xae);
/** Products of 16-bit pairs, summed. */
export const DOT = simd(0xba);
