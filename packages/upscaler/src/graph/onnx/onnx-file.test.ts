import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { readOnnx, writeOnnx } from "./onnx-file.ts";
import { ModelProtoSchema } from "./onnx-pb.ts";
import { enlarger, tinyProto } from "../testing/tiny-models.ts";

/** A field of bytes, number 5 to 15, as it is on the wire. */
const unknownField = (number: number, text: string): Uint8Array =>
  Uint8Array.of((number << 3) | 2, text.length, ...Buffer.from(text));

describe("an ONNX file", () => {
  it("keeps fields that are not described here, at every level", () => {
    const proto = tinyProto(enlarger(3));
    const documentation = unknownField(6, "what the model is for");
    const [node] = proto.graph?.node ?? [];
    if (node === undefined || proto.graph === undefined) throw new Error("no graph");
    // doc_string is field 6 of a model and of a node, 10 of a graph.
    proto.$unknown = [{ no: 6, wireType: 2, data: documentation.subarray(1) }];
    node.$unknown = [{ no: 6, wireType: 2, data: unknownField(6, "a convolution").subarray(1) }];
    proto.graph.$unknown = [{ no: 10, wireType: 2, data: unknownField(10, "a graph").subarray(1) }];
    const written = Buffer.from(writeOnnx(readOnnx(toBinary(ModelProtoSchema, proto)).proto));
    for (const text of ["what the model is for", "a convolution", "a graph"]) {
      expect(written.includes(text)).toBe(true);
    }
  });

  it("comes out as it went in", () => {
    const bytes = toBinary(ModelProtoSchema, tinyProto(enlarger(1)));
    expect(writeOnnx(readOnnx(bytes).proto)).toEqual(bytes);
  });

  it("refuses a model without a graph", () => {
    const empty = toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n }));
    expect(() => readOnnx(empty)).toThrow("not an ONNX model");
  });

  it("refuses messages nested without end instead of exhausting the stack", () => {
    // graph > node > attribute > graph > …, lengths written from the innermost outwards.
    let inner: Buffer = Buffer.alloc(0);
    const tags = [0x32, 0x2a, 0x0a];
    for (let depth = 0; depth < 5_000; depth++) {
      inner = Buffer.concat([Buffer.of(tags[depth % 3] ?? 0), varint(inner.length), inner]);
    }
    const bytes = Buffer.concat([Buffer.of(0x08, 8, 0x3a), varint(inner.length), inner]);
    expect(() => readOnnx(bytes)).toThrow(/not an ONNX model/);
  });
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.of(...bytes, value);
}
