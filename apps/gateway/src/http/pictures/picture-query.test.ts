import { expect, it } from "vitest";
import { readImageQuery, readStreamQuery } from "./picture-query.ts";

it("faces of pictures are restored as strongly as is set, or as is asked for", () => {
  expect(readImageQuery({ faces: "on" }, 0.3)).toMatchObject({ faces: 0.3 });
  expect(readImageQuery({ faces: "on", face_strength: "1" }, 0.3)).toMatchObject({ faces: 1 });
  expect(readImageQuery({ face_strength: "1" }, 0.3)).not.toHaveProperty("faces");
});

it("what is missing is told as missing", () => {
  expect(() => readStreamQuery({ height: "-1" })).toThrow(
    expect.objectContaining({ got: expect.stringMatching(/^width: missing; height: Too small/) }),
  );
});
