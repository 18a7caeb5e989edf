import { strings } from "../strings.ts";

/** Both frames beside each other, at the size of the upscaled one, as a PNG file to download. */
export async function savePair(
  original: HTMLVideoElement,
  upscaled: HTMLVideoElement,
  name: string,
): Promise<void> {
  const { videoWidth: width, videoHeight: height } = upscaled;
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no pictures");
  // As every plain player would show the original at that size.
  context.imageSmoothingQuality = "high";
  context.drawImage(original, 0, 0, width, height);
  context.drawImage(upscaled, width, 0, width, height);
  label(context, strings.watch.original, 0, height);
  label(context, strings.watch.upscaled, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("the picture could not be made");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function label(context: CanvasRenderingContext2D, text: string, x: number, height: number): void {
  const size = Math.max(10, Math.round(height / 30));
  context.font = `600 ${size}px system-ui, sans-serif`;
  const { width } = context.measureText(text);
  context.fillStyle = "#000a";
  context.fillRect(x, height - 2 * size, width + 1.4 * size, 2 * size);
  context.fillStyle = "#fff";
  context.fillText(text, x + 0.7 * size, height - 0.65 * size);
}
