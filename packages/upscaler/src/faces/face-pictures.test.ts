import { makeTempFolder } from "@upreel/testkit";
import { InferenceSession } from "onnxruntime-node";
import { expect, it, vi } from "vitest";
import type { Picture } from "../pictures/picture-planes.ts";
import { openFacePictures } from "./face-pictures.ts";
import { FACE_SIDE, writeTinyFaces } from "./testing/tiny-faces.ts";

/** Grey, with one face. */
function pictureWithFace(): Picture {
  const [width, height, side] = [256, 192, 2 * FACE_SIDE];
  const isFace = (x: number, y: number): boolean =>
    x >= 64 && x < 64 + side && y >= 48 && y < 48 + side;
  const bytes = Uint8Array.from({ length: width * height }, (_, i) =>
    isFace(i % width, Math.floor(i / width)) ? 235 : 30,
  );
  return { width, height, channels: 1, bytes };
}

it("faces of a picture that nobody waits for any more are left alone", async () => {
  await using folder = await makeTempFolder();
  const faces = await openFacePictures(await writeTinyFaces(folder.path, "darker"), 1);
  const picture = pictureWithFace();
  expect(await faces.restore(picture, 1, () => true)).toBe(0);
  expect(picture).toEqual(pictureWithFace());
  expect(await faces.restore(picture, 1)).toBe(1);
  await faces.release();
});

it("where the restorer cannot be loaded, the detector is let go: each picture would leave one", async () => {
  await using folder = await makeTempFolder();
  const work = await writeTinyFaces(folder.path, "darker");
  const create = InferenceSession.create.bind(InferenceSession);
  const release = vi.fn<() => void>();
  using _ = vi.spyOn(InferenceSession, "create").mockImplementation(async (file: unknown) => {
    const session = await create(String(file));
    const own = session.release.bind(session);
    session.release = () => (release(), own());
    return session;
  });
  const restorer = { ...work.restorer, file: "/none.onnx" };
  await expect(openFacePictures({ ...work, restorer }, 1)).rejects.toMatchObject({
    code: "model_unusable",
  });
  expect(release).toHaveBeenCalledOnce();
});
