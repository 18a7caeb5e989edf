import { join } from "node:path";
import { JsonFile } from "@upreel/files";
import { z } from "zod";

/** Folders with a cartridge, which the gateway of this data folder looks after. */
export function knownCartridges(dataDir: string) {
  const file = new JsonFile(join(dataDir, "cartridges.json"), z.array(z.string()), {
    ...{ isDurable: true, makesFolder: true, indent: 1 },
  });
  const change = async (then: (known: Set<string>) => void): Promise<void> => {
    const known = new Set(await file.readUnlessDamaged());
    then(known);
    await file.write([...known]);
  };
  return {
    list: async (): Promise<readonly string[]> => (await file.readOrForget()) ?? [],
    add: (folder: string) => change((known) => known.add(folder)),
    remove: (folder: string) => change((known) => known.delete(folder)),
  };
}
