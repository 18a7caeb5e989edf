import { useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { filterOf, sharpenKernel, warmthMatrix } from "./look.ts";
import type { ViewerLook } from "./viewer-look.ts";

interface LookFilterProps {
  readonly viewer: ViewerLook;
  /** Whose pictures are shown by it. */
  readonly stage: RefObject<HTMLElement | null>;
}

/** What CSS has no filter for, and the style that uses it. Only these change while a slider moves. */
export function LookFilter({ viewer, stage }: LookFilterProps) {
  const look = viewer.look.value;
  useSignalEffect(() => {
    stage.current?.style.setProperty("--look", filterOf(viewer.look.value));
  });
  return (
    <svg class="look-filter" width="0" height="0" aria-hidden="true">
      <filter id="look-warmth" color-interpolation-filters="sRGB">
        <feColorMatrix values={warmthMatrix(look)} />
      </filter>
      <filter id="look-sharpen" color-interpolation-filters="sRGB">
        <feConvolveMatrix
          order="3"
          kernelMatrix={sharpenKernel(look)}
          divisor="1"
          edgeMode="duplicate"
          preserveAlpha="true"
        />
      </filter>
    </svg>
  );
}
