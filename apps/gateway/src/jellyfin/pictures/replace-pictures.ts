import type { Log } from "@upreel/core";
import type { Pictures } from "@upreel/engine";
import type { ImagePlace, JellyfinClient, JellyfinImage } from "@upreel/jellyfin";
import type { KeptPicture, KeptPictures } from "./kept-pictures.ts";

export interface LibraryPicturesParts {
  /** Without JELLYFIN_URL and JELLYFIN_API_KEY there is none. */
  readonly client: Pick<JellyfinClient, "items" | "images" | "image" | "replaceImage"> | undefined;
  readonly pictures: Pick<Pictures, "image">;
  readonly kept: KeptPictures;
  readonly log: Log;
}

const TYPES = ["Movie", "Series", "Season", "Episode", "Video", "MusicVideo", "BoxSet", "Photo"];
/** Kinds of pictures; logos are drawn, and thumbnails are cut from films. */
const KINDS: ReadonlySet<string> = new Set(["Primary", "Backdrop"]);
const PAGE = 200;
/** Of one picture: what a network adds to less is made up. */
const MOST_SCALE = 4;
const QUALITY = 92;

/** `each`: one picture; what fails with it says nothing of the next. */
interface Work {
  readonly each: (title: string, work: () => Promise<boolean>) => Promise<void>;
  readonly signal: () => AbortSignal;
}

/** All that are small. */
export async function upscaleAll(
  parts: LibraryPicturesParts,
  { below, each, signal }: Work & { readonly below: number },
): Promise<void> {
  const { client } = parts;
  if (client === undefined) return;
  for (let startIndex = 0; ; startIndex += PAGE) {
    const query = { types: TYPES, startIndex, limit: PAGE };
    const { items, total } = await client.items(query, signal());
    for (const { Id: itemId, Name } of items) {
      const title = Name ?? itemId;
      const images = await client.images(itemId, signal());
      for (const image of images.filter(({ ImageType }) => KINDS.has(ImageType)))
        await each(title, () => upscale(parts, { itemId, image, below }, signal()));
    }
    if (items.length === 0 || startIndex + PAGE >= total) return;
  }
}

const placeOf = (itemId: string, image: JellyfinImage): ImagePlace => ({
  ...{ itemId, type: image.ImageType, index: image.ImageIndex ?? 0 },
});

const isAt =
  ({ itemId, type, index }: ImagePlace) =>
  (one: ImagePlace): boolean =>
    one.itemId === itemId && one.type === type && one.index === index;

/** Whether it was. */
async function upscale(
  { client, pictures, kept }: LibraryPicturesParts,
  asked: { readonly itemId: string; readonly image: JellyfinImage; readonly below: number },
  signal: AbortSignal,
): Promise<boolean> {
  const { itemId, image, below } = asked;
  const place = placeOf(itemId, image);
  const longest = Math.max(image.Width ?? 0, image.Height ?? 0);
  // What Jellyfin has not looked at yet has no size.
  if (client === undefined || longest === 0 || longest >= below) return false;
  const known = kept.list().find(isAt(place));
  if (known !== undefined && known.madeTag === (image.ImageTag ?? "")) return false;
  const original = await client.image(place, signal);
  const scale = Math.min(MOST_SCALE, Math.max(2, Math.ceil(below / longest)));
  const made = await pictures.image(
    {
      ...{ model: "best", bytes: original, size: { scale }, input: { kind: "file" } },
      output: { kind: "file", format: "same", quality: QUALITY },
    },
    signal,
  );
  const picture: KeptPicture = { ...place, contentType: typeOf(original) };
  // A replacement whose end was not seen: what is kept is the original, what is there is not.
  if (known === undefined || known.madeTag !== undefined) await kept.keep(picture, original);
  await client.replaceImage(place, { bytes: made.bytes, type: typeOf(made.bytes) }, signal);
  const now = (await client.images(itemId, signal)).find((one) =>
    isAt(place)(placeOf(itemId, one)),
  );
  await kept.noteMade(picture, now?.ImageTag ?? "");
  return true;
}

/** All whose upscaled picture is still there. */
export async function undoAll(
  { client, kept, log }: LibraryPicturesParts,
  { each, signal }: Work,
): Promise<void> {
  if (client === undefined) return;
  for (const picture of kept.list())
    await each(`${picture.type} of ${picture.itemId}`, async () => {
      const images = await client.images(picture.itemId, signal());
      // Somebody may have moved it since, among others of its kind.
      const found = images.find(
        ({ ImageType, ImageTag }) =>
          ImageType === picture.type &&
          (picture.madeTag === undefined || ImageTag === picture.madeTag),
      );
      if (found !== undefined) {
        const original = { bytes: await kept.original(picture), type: picture.contentType };
        await client.replaceImage(placeOf(picture.itemId, found), original, signal());
      } else
        log.info(
          `Pictures: ${picture.type} of ${picture.itemId} has been replaced since, and is left alone`,
        );
      await kept.forget(picture);
      return found !== undefined;
    });
}

/** By their first bytes: what Jellyfin says of a picture is its file's ending. */
function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x89) return "image/png";
  if (bytes[0] === 0x47) return "image/gif";
  if (bytes[0] === 0x52) return "image/webp";
  return "image/jpeg";
}
