import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";

interface Drawn {
  readonly size: number;
  readonly path: string;
}

/** `text` for the camera of a phone: dark on white in every theme, as not every camera reads the opposite. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const drawn = useSignal<Drawn | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    // Few open it: not loaded with the page.
    void import("uqr").then(({ encode }) => {
      const { size, data } = encode(text, { border: 3 });
      const path = data.flatMap((row, y) =>
        row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
      );
      if (!isGone) drawn.value = { size, path: path.join("") };
    });
    return () => {
      isGone = true;
    };
  }, [text]);
  const { size, path } = drawn.value ?? { size: 1, path: "" };
  return (
    <svg class="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} shape-rendering="crispEdges" />
    </svg>
  );
}
