/** TensorProto.DataType of ONNX, by the names that ONNX Runtime uses. */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

const BYTES: Partial<Record<ElementType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
  uint32: 4,
  uint64: 8,
  complex64: 8,
  complex128: 16,
  bfloat16: 2,
};

const NAMES = new Map<number, ElementType>(
  Object.entries(ELEMENT_TYPES).map(([name, code]) => [code, name as ElementType]),
);

/** undefined for codes that are not known here (float8, int4 and whatever comes later). */
export const elementTypeOf = (code: number): ElementType | undefined => NAMES.get(code);

/** Bytes of one element in `raw_data`; undefined where elements have no fixed size here. */
export const elementBytes = (code: number): number | undefined => {
  const type = elementTypeOf(code);
  return type === undefined ? undefined : BYTES[type];
};
