import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createNewFile, JsonFile, makeFolder } from "@upreel/files";
import { z } from "zod";

const keptSchema = z.object({
  itemId: z.string().regex(/^[0-9a-f]{32}$/),
  type: z.string().regex(/^[A-Za-z]{1,20}$/),
  index: z.int().nonnegative(),
  /** As the picture was. */
  contentType: z.string(),
  /** Of the upscaled one in Jellyfin; undefined until it is known to be there. */
  madeTag: z.string().optional(),
});
/** A picture of Jellyfin's that was replaced, and whose original is kept. */
export type KeptPicture = z.infer<typeof keptSchema>;

/** The originals of pictures, beside each other in one folder, with a list of them. */
export interface KeptPictures {
  list(): readonly KeptPicture[];
  /** Before it is replaced: both are on the disk then. */
  keep(picture: KeptPicture, original: Uint8Array): Promise<void>;
  noteMade(picture: KeptPicture, madeTag: string): Promise<void>;
  original(picture: KeptPicture): Promise<Uint8Array>;
  forget(picture: KeptPicture): Promise<void>;
}

export async function openKeptPictures(folder: string): Promise<KeptPictures> {
  const file = new JsonFile(join(folder, "pictures.json"), z.array(keptSchema), {
    ...{ isDurable: true, makesFolder: true },
  });
  let kept = (await file.read()) ?? [];
  const pathOf = (picture: KeptPicture): string => join(folder, nameOf(picture));
  const without = (picture: KeptPicture) => kept.filter((one) => nameOf(one) !== nameOf(picture));
  const save = (next: KeptPicture[]): Promise<void> => file.write((kept = next));
  return {
    list: () => kept,
    async keep(picture, original) {
      await makeFolder(folder);
      await using file = await createNewFile(pathOf(picture));
      await file.handle.writeFile(original);
      await file.publish();
      await save([...without(picture), picture]);
    },
    noteMade: (picture, madeTag) => save([...without(picture), { ...picture, madeTag }]),
    original: (picture) => readFile(pathOf(picture)),
    async forget(picture) {
      await save(without(picture));
      await rm(pathOf(picture), { force: true });
    },
  };
}

const nameOf = ({ itemId, type, index }: KeptPicture): string => `${itemId}-${type}-${index}`;
