import { create, toBinary } from "@bufbuild/protobuf";
import { UpreelError } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { describeModel } from "./describe-model.ts";
import { ModelProtoSchema, StringStringEntryProtoSchema } from "../onnx/onnx-pb.ts";
import {
  enlarger,
  enlargingTensor,
  halfTensor,
  node,
  tinyModel,
  tinyProto,
} from "../testing/tiny-models.ts";

function refusal(bytes: Uint8Array): UpreelError {
  try {
    describeModel(bytes);
  } catch (error) {
    if (error instanceof UpreelError) return error;
    throw error;
  }
  throw new Error("the model was accepted");
}

describe("describeModel", () => {
  const anySize = {
    type: "float32",
    layout: "NCHW",
    hasBatch: true,
    height: undefined,
    width: undefined,
  };

  it("tells what an RGB network is", () => {
    expect(describeModel(tinyModel(enlarger(3)))).toEqual({
      kind: "planes",
      channels: 3,
      input: { ...anySize, name: "in" },
      output: { ...anySize, name: "out" },
      endsInTanh: false,
      fixed: undefined,
      isAdapted: false,
      opset: 17,
      irVersion: 8,
      producer: "test",
      ops: ["Conv", "DepthToSpace"],
      parameters: 12 * 3 * 9,
      weightType: "float32",
    });
  });

  it("tells luma, half precision and a fixed size", () => {
    const model = enlarger(1, {
      input: { name: "in", type: "float16", dims: [1, 1, 48, 64] },
      output: { name: "out", type: "float16", dims: [1, 1, 96, "wide"] },
      weights: [halfTensor(enlargingTensor(1))],
    });
    expect(describeModel(tinyModel(model))).toMatchObject({
      kind: "luma",
      weightType: "float16",
      input: { type: "float16" },
      fixed: { height: 48, width: 64, outHeight: 96, outWidth: undefined },
    });
  });

  it("tells channels last", () => {
    const model = enlarger(3, {
      input: { name: "in", dims: ["n", 200, 300, 3] },
      output: { name: "out", dims: ["n", 400, 600, 3] },
    });
    expect(describeModel(tinyModel(model))).toMatchObject({
      channels: 3,
      input: { layout: "NHWC", height: 200, width: 300 },
      output: { layout: "NHWC", height: 400, width: 600 },
    });
  });

  it.each(["None", "batch", -1, 0, 1])("takes the batch axis %s", (batch) => {
    const model = enlarger(3, { input: { name: "in", dims: [batch, 3, -1, -1] } });
    expect(describeModel(tinyModel(model)).fixed).toBeUndefined();
  });

  it("ignores domains that no operator uses", () => {
    const model = enlarger(3, { domains: ["ai.onnx.ml", "com.example"] });
    expect(describeModel(tinyModel(model)).ops).toEqual(["Conv", "DepthToSpace"]);
  });

  it.each([
    ["an empty file", "", /empty file/],
    ["text", "hello world, this is no model", /do not decode/],
    ["a PyTorch file", "PK\x03\x04archive/data.pkl", /PyTorch/],
    ["a picture", "\x89PNG\r\n\x1a\n", /PNG/],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0", /Git LFS/],
    ["a web page", "<!DOCTYPE html><title>Not found</title>", /web page/],
  ])("refuses %s and says what it is", (_, text, got) => {
    const error = refusal(new Uint8Array(Buffer.from(text, "latin1")));
    expect(error.code).toBe("model_unusable");
    expect(error.got).toMatch(got);
  });

  it("refuses a file cut off anywhere", () => {
    const whole = tinyModel(enlarger(3));
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length)).code).toBe("model_unusable");
    }
  });

  it("refuses operators that ONNX Runtime does not have, by name", () => {
    const decode = node("DecodeImage", "in", "out");
    decode.domain = "com.microsoft.extensions";
    const error = refusal(
      tinyModel(enlarger(3, { nodes: [decode], domains: ["com.microsoft.extensions"] })),
    );
    expect(error).toMatchObject({
      code: "model_unusable",
      message:
        "The model needs operators of com.microsoft.extensions, which ONNX Runtime does not have",
      got: "com.microsoft.extensions.DecodeImage",
    });
  });

  it.each([
    ["the bytes of an image file", "not a picture", { type: "uint8", dims: ["bytes"] }],
    ["text", "not a picture", { type: "string", dims: ["n", 3, "h", "w"] }],
    ["RGBA", "a picture of 4 channels", { dims: ["n", 4, "h", "w"] }],
    ["two pictures on top of each other", "not a picture of 1 or 3", { dims: ["n", 6, "h", "w"] }],
    ["several frames", "a series of pictures", { dims: ["n", 5, 3, "h", "w"] }],
    ["four pictures at once", "4 pictures at once", { dims: [4, 3, "h", "w"] }],
    ["tokens", "not a picture", { type: "int64", dims: ["n", 77] }],
  ] as const)("refuses an input of %s", (_, what, tensor) => {
    const error = refusal(tinyModel(enlarger(3, { input: { name: "in", ...tensor } })));
    expect(error.message).toContain(`The input of the model is ${what}`);
    expect(error.got).toContain("in: ");
  });

  it("refuses a second input and names it", () => {
    const moreInputs = [{ name: "sigma", dims: [1] }];
    const error = refusal(tinyModel(enlarger(3, { moreInputs })));
    expect(error.got).toBe("in: float32 [?,3,?,?]; sigma: float32 [1]");
  });

  it("takes an output that declares the picture before one of open shape", () => {
    const nodes = [...enlarger(3).nodes, node("Relu", "out", "features")];
    const firstOutputs = [{ name: "features", dims: ["n", "c", "h", "w"] }];
    const model = tinyModel(enlarger(3, { nodes, firstOutputs }));
    expect(describeModel(model).output.name).toBe("out");
  });

  it.each([
    ["classes", { name: "out", dims: ["n", 1000] }],
    ["another number of channels", { name: "out", dims: ["n", 21, "h", "w"] }],
    ["something that no node makes", { name: "nowhere", dims: ["n", 3, "h", "w"] }],
  ])("refuses an output of %s", (_, output) => {
    expect(refusal(tinyModel(enlarger(3, { output }))).message).toBe("The model gives no picture");
  });

  it("refuses weights in another file and names the file", () => {
    const weights = enlargingTensor(3);
    weights.floatData = [];
    weights.dataLocation = 1;
    weights.externalData = [
      create(StringStringEntryProtoSchema, { key: "location", value: "model.onnx.data" }),
    ];
    const error = refusal(tinyModel(enlarger(3, { weights: [weights] })));
    expect(error.got).toBe("tensor w in model.onnx.data");
  });

  it("refuses a tensor with fewer bytes than its dims say", () => {
    const weights = halfTensor(enlargingTensor(3));
    weights.rawData = weights.rawData.subarray(0, 100);
    expect(refusal(tinyModel(enlarger(3, { weights: [weights] })))).toMatchObject({
      expected: "648 bytes for [12,3,3,3]",
      got: "100 bytes",
    });
  });

  it("refuses a file that names no operator set", () => {
    const proto = tinyProto(enlarger(3));
    proto.opsetImport = [];
    expect(refusal(toBinary(ModelProtoSchema, proto)).code).toBe("model_unusable");
  });
});
