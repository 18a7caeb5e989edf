import type { Command } from "commander";

/** `upreel models …`. */
export function addModelsCommands(program: Command): void {
  const models = program.command("models").description("list, import, download and delete models");
  models
    .command("import")
    .description("add an ONNX super-resolution model: it is tried out and copied to MODELS_DIR")
    .argument("<file>", "the .onnx file, or the folder it is in; its name becomes the model's id")
    .action(async (file: string) => {
      const { importModel } = await import("./models.ts");
      await importModel(file);
    });
  models
    .command("list", { isDefault: true })
    .description("list the models: built-in, your own, and public ones to download")
    .action(async () => {
      const { listModels } = await import("./models.ts");
      await listModels();
    });
  models
    .command("download")
    .description("download a public model, or resume a download")
    .argument("<id>", "the model's id in the list")
    .action(async (id: string) => {
      const { downloadModel } = await import("./models.ts");
      await downloadModel(id);
    });
  models
    .command("remove")
    .description("delete an imported or downloaded model")
    .argument("<id>", "the model's id in the list")
    .action(async (id: string) => {
      const { removeModel } = await import("./models.ts");
      await removeModel(id);
    });
}
