import { expect, it, vi } from "vitest";
import { german } from "../languages/de.ts";
import { modelName, modelOn, modelUses } from "./model-on.ts";
import { strings } from "../strings.ts";

const ID = "upreel-x2-live16x0-int8";

it("a film is made by a model with a name, on something that has one, too", () => {
  const made = { model: ID, model_name: "Fastest", provider: "cpu" };
  expect(modelOn(made)).toBe("Fastest on the processor");
  expect(modelOn({ ...made, provider: "rocm" })).toBe("Fastest on rocm");
  expect(modelOn({ ...made, provider: null })).toBe("Fastest");
  expect(modelOn({ model: "lanczos", model_name: "Lanczos", provider: "ffmpeg" })).toBe(
    modelName("Lanczos"),
  );
  expect(modelOn({ ...made, model: null, model_name: null })).toBe("–");
});

it("a size behind a name stays, and a name of one's own, too", () => {
  for (const name of ["Best (×1.5)", "My model (v2)", "(odd)"]) expect(modelName(name)).toBe(name);
  expect(german.models.names["Best"]).toBe("Am besten");
});

it("what a model is good at is said part by part, what has no words of its own in English", () => {
  vi.spyOn(strings, "models", "get").mockReturnValue(german.models);
  expect(modelUses("for fast computers, or overnight; odd ones")).toBe(
    "für schnelle Computer, oder über Nacht; odd ones",
  );
  vi.restoreAllMocks();
});
