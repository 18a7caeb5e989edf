import { expect, it } from "vitest";
import { findImages, pinned } from "./pin-image.ts";

const DIGEST = `sha256:${"0a".repeat(32)}`;
const TEXT = `FROM node:26-trixie-slim AS manifests
FROM manifests AS pages
FROM node:26-trixie-slim
services:
    image: nginx:1.28-alpine
FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04@${DIGEST}
`;

it("finds each image once, with its digest if it has one", () => {
  expect(findImages(TEXT)).toEqual([
    { name: "node", tag: "26-trixie-slim", digest: undefined },
    { name: "nginx", tag: "1.28-alpine", digest: undefined },
    { name: "nvidia/cuda", tag: "12.9.1-cudnn-runtime-ubuntu24.04", digest: DIGEST },
  ]);
});

it("writes a digest behind every mention, in place of an older one", () => {
  const newer = `sha256:${"1b".repeat(32)}`;
  let text = TEXT;
  for (const image of findImages(TEXT)) text = pinned(text, image, newer);
  expect(text.split(newer)).toHaveLength(5);
  expect(text).not.toContain(DIGEST);
  expect(text).toContain(`FROM node:26-trixie-slim@${newer} AS manifests`);
  expect(text).toContain("FROM manifests AS pages");
});
