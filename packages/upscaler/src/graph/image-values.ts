import { create } from "@bufbuild/protobuf";
import { ELEMENT_TYPES } from "./onnx/element-type.ts";
import {
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type TensorShapeProto_Dimension,
  type ValueInfoProto,
} from "./onnx/onnx-pb.ts";

/** A graph input or output of uint8 planes; a string is the name of an open axis. */
export const planesValue = (
  name: string,
  channels: number,
  height: number | string,
  width: number | string,
): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: "tensorType",
        value: create(TypeProto_TensorSchema, {
          elemType: ELEMENT_TYPES.uint8,
          shape: create(TensorShapeProtoSchema, {
            dim: [1, channels, height, width].map(dimension),
          }),
        }),
      },
    }),
  });

const dimension = (size: number | string): TensorShapeProto_Dimension =>
  create(TensorShapeProto_DimensionSchema, {
    value:
      typeof size === "number"
        ? { case: "dimValue", value: BigInt(size) }
        : { case: "dimParam", value: size },
  });
