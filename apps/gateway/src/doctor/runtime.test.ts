import { expect, it } from "vitest";
import { checkRuntime } from "./runtime.ts";

const { signal } = new AbortController();

it("says what ONNX Runtime can use", async () => {
  const found = await checkRuntime(signal);
  expect(found).toMatchObject({ verdict: "good", code: "runtime_works" });
  expect(found.values?.["backends"]).toContain("cpu");
});

it("says why it cannot be loaded", async () => {
  const script = `(() => { throw new Error("libcudart.so.12: cannot open shared object file"); })()`;
  const found = await checkRuntime(signal, { script });
  expect(found).toMatchObject({ verdict: "bad", code: "runtime_broken", fix: "`npm ci`" });
  expect(found.message).toContain("libcudart.so.12");
});

it("does not wait for ever for one that hangs, and says so", async () => {
  const found = await checkRuntime(signal, { script: "for (;;);", longestMs: 300 });
  expect(found).toMatchObject({
    ...{ verdict: "bad", code: "runtime_hangs" },
    message: "ONNX Runtime did not load within 0.3 s",
  });
});
