import { useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { filterOf, sharpenKernel, warmthMatrix, type Look } from "./look.ts";
import type { ViewerLook } from "./viewer-look.ts";

interface LookFilterProps {
  readonly viewer: ViewerLook;
  /** Whose pictures are shown by it. */
  readonly stage: RefObject<HTMLElement | null>;
}

/**
 * What CSS has no filter for, and the style of the pictures that uses it. A slider tells of several places between two
 * pictures of the screen: the last of them is shown. Only the pictures' own style is written, which is inherited by nobody,
 * and nothing is read, so that the browser works out nothing else anew.
 */
export function LookFilter({ viewer, stage }: LookFilterProps) {
  const warmth = useRef<SVGFEColorMatrixElement>(null);
  const sharpen = useRef<SVGFEConvolveMatrixElement>(null);
  const frame = useRef<number | undefined>(undefined);
  const show = (look: Look): void => {
    warmth.current?.setAttribute("values", warmthMatrix(look));
    sharpen.current?.setAttribute("kernelMatrix", sharpenKernel(look));
    const filter = filterOf(look);
    for (const video of stage.current?.querySelectorAll("video") ?? []) video.style.filter = filter;
  };
  useLayoutEffect(() => {
    show(viewer.look.peek());
    return () => cancelAnimationFrame(frame.current ?? 0);
  }, []);
  useSignalEffect(() => {
    void viewer.look.value;
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      show(viewer.look.peek());
    });
  });
  return (
    <svg class="look-filter" width="0" height="0" aria-hidden="true">
      <filter id="look-warmth" color-interpolation-filters="sRGB">
        <feColorMatrix ref={warmth} />
      </filter>
      <filter id="look-sharpen" color-interpolation-filters="sRGB">
        <feConvolveMatrix
          ref={sharpen}
          order="3"
          divisor="1"
          edgeMode="duplicate"
          preserveAlpha="true"
        />
      </filter>
    </svg>
  );
}
