import type { Command } from "commander";

/** `upreel faces …`. */
export function addFacesCommands(program: Command): void {
  const faces = program
    .command("faces")
    .description("list, download, import and delete the models that restore faces (FACES=on)");
  faces
    .command("list", { isDefault: true })
    .description("list them, and say whether they work here")
    .action(async () => {
      const { listFaceModels } = await import("./faces.ts");
      await listFaceModels();
    });
  faces
    .command("download")
    .description("download the models that are needed, or resume a download")
    .argument("[ids...]", "ids in the list (default: one of each kind)")
    .action(async (ids: string[]) => {
      const { downloadFaceModels } = await import("./faces.ts");
      await downloadFaceModels(ids);
    });
  faces
    .command("import")
    .description(
      "add a model of your own, such as CodeFormer or RestoreFormer++, as it was published",
    )
    .argument("<file>", "the .onnx file; its name becomes the model's id")
    .action(async (file: string) => {
      const { importFaceModel } = await import("./faces.ts");
      await importFaceModel(file);
    });
  faces
    .command("remove")
    .description("delete one")
    .argument("<id>", "the model's id in the list")
    .action(async (id: string) => {
      const { removeFaceModel } = await import("./faces.ts");
      await removeFaceModel(id);
    });
}
