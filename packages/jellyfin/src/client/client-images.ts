import { z } from "zod";
import type { ImagePlace, JellyfinClient } from "./jellyfin-client.ts";
import { imageSchema } from "./schemas.ts";
import type { Transport } from "./transport.ts";

type Images = Pick<JellyfinClient, "images" | "image" | "replaceImage">;

const pathOf = ({ itemId, type }: ImagePlace): string => `/Items/${itemId}/Images/${type}`;

/** Pictures of items, by calls that 10.10, 10.11 and 12.0 have alike. */
export function createImages(transport: Transport): Images {
  const images: Images["images"] = (itemId, signal) =>
    transport.ask({ method: "GET", path: `/Items/${itemId}/Images` }, z.array(imageSchema), signal);
  return {
    images,
    image: (place, signal) =>
      transport.read({ method: "GET", path: `${pathOf(place)}/${place.index}` }, signal),
    async replaceImage(place, { bytes, type }, signal) {
      const text = Buffer.from(bytes).toString("base64");
      const path = pathOf(place);
      await transport.tell({ method: "POST", path, content: { type, text } }, signal);
      if (place.type !== "Backdrop") return;
      // One that may be there several times is put behind the others, whatever place it is sent to.
      const last = (await images(place.itemId, signal)).filter(
        ({ ImageType }) => ImageType === place.type,
      ).length;
      const query = { newIndex: place.index };
      await transport.tell({ method: "POST", path: `${path}/${last - 1}/Index`, query }, signal);
      await transport.tell({ method: "DELETE", path: `${path}/${last - 1}` }, signal);
    },
  };
}
