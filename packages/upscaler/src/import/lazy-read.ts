/** readModel, loaded when it is called: what reads graphs is a hundred files that neither gateway nor worker needs. */
export async function readModel(path: string): Promise<Uint8Array> {
  const loaded = await import("./read-model.ts");
  return loaded.readModel(path);
}
