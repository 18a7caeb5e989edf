import { constants, open, type FileHandle } from "node:fs/promises";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Rung } from "@upreel/core";
import { makeFifo } from "@upreel/media";
import type { Upscaler } from "@upreel/upscaler";
import { decodePng, encodePng, type GreyPicture } from "./png.ts";

export interface PictureServer extends AsyncDisposable {
  readonly url: string;
}

/** Takes a PNG by POST and answers with it upscaled, as other upscalers for films do. */
export async function startPictureServer(
  upscaler: Upscaler,
  rung: Rung,
  size: { readonly width: number; readonly height: number },
  frames: number,
  folder: string,
): Promise<PictureServer> {
  const names = [join(folder, "to-network"), join(folder, "from-network")];
  await makeFifo(...names);
  // Opened for both: neither end waits for the other.
  const [input, output] = (await Promise.all(
    names.map((name) => open(name, constants.O_RDWR)),
  )) as [FileHandle, FileHandle];
  const job = upscaler.process({
    ...{ rung, ...size, frames, inputFd: input.fd, outputFd: output.fd, inferAll: true },
    onInputEnded: () => Promise.resolve("stop"),
  });
  const plane = size.width * size.height;
  const chroma = Buffer.alloc(2 * plane);
  let writing = Promise.resolve();
  let reading: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));

  /** Answers come in the order of the questions. */
  function upscale({ pixels }: GreyPicture): Promise<Buffer> {
    writing = writing.then(async () => {
      await input.write(pixels);
      await input.write(chroma);
    });
    reading = reading.then(() => readFully(output, 6 * plane));
    return reading;
  }

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const picture = await decodePng(await buffer(request));
      const luma = await upscale(picture);
      const [width, height] = [2 * size.width, 2 * size.height];
      response.end(await encodePng({ width, height, pixels: luma.subarray(0, 4 * plane) }));
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await job.done;
      await Promise.all([input.close(), output.close()]);
    },
  };
}

async function readFully(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let got = 0; got < length;) {
    got += (await handle.read(bytes, got, length - got)).bytesRead;
  }
  return bytes;
}
