import { fileURLToPath } from "node:url";
import sharp from "sharp";
import type { Plugin } from "vite";

const DRAWING = fileURLToPath(new URL("../public/icon.svg", import.meta.url));
/** Home screens: 180 is Apple's; no vector picture is taken there. */
const SIZES = [180, 192, 512];
/** Of icon.svg. It reaches the edges here, as systems cut their own shape. */
const GROUND = "#0f2a27";
const DRAWING_SIZE = 32;
const DOTS_AN_INCH = 72;

/** Draws `icon-<size>.png` from icon.svg. */
export function icons(): Plugin {
  return {
    name: "icons",
    apply: "build",
    async generateBundle() {
      for (const size of SIZES) {
        const density = (DOTS_AN_INCH * size) / DRAWING_SIZE;
        const source = await sharp(DRAWING, { density })
          .resize(size, size)
          .flatten({ background: GROUND })
          .png({ compressionLevel: 9 })
          .toBuffer();
        this.emitFile({ type: "asset", fileName: `icon-${size}.png`, source });
      }
    },
  };
}
