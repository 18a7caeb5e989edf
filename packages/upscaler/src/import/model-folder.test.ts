import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError, type ImportOutcome } from "@upreel/core";
import { eventually, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCatalogue, type Catalogue } from "../catalogue.ts";

/** Of every file but those that hold `bad`, or `crash`, whose process dies. */
const PREPARED: ImportOutcome = {
  outcome: "prepared",
  model: { kind: "planes", pixelFormat: "gbrp", scale: 2, parameters: 7, bytesPerPixel: 500 },
};

let folder: TempFolder;
let prepared: string[];
let begun: number;
let hold: Promise<void>;

beforeEach(async () => {
  folder = await makeTempFolder();
  prepared = [];
  begun = 0;
  hold = Promise.resolve();
});
afterEach(() => folder[Symbol.asyncDispose]());

const open = (settled: string[] = []): Catalogue =>
  createCatalogue({
    folder: folder.path,
    signal: new AbortController().signal,
    onSettled: ({ id, state }) => settled.push(`${id} ${state}`),
    async prepare(source, target) {
      begun += 1;
      await hold;
      prepared.push(source);
      const text = await readText(source);
      if (text.includes("crash")) throw new UpreelError("model_unusable", "It was killed");
      if (text.includes("bad"))
        return {
          outcome: "refused",
          reason: { code: "model_unusable", message: "No picture", got: "sound" },
        };
      await writeFile(target, `adapted ${text}`);
      return PREPARED;
    },
  });

const readText = (file: string): Promise<string> => readFile(file, "utf8");
const drop = (name: string, text: string): Promise<void> =>
  writeFile(join(folder.path, name), text);
const stateOf = async (catalogue: Catalogue, id: string): Promise<string | undefined> =>
  (await catalogue.models()).find((model) => model.id === id)?.state;

describe("the folder of models", () => {
  it("makes a file that was dropped into it a model, without a restart", async () => {
    const settled: string[] = [];
    const catalogue = open(settled);
    await expect(catalogue.find("film")).rejects.toThrow(/put film\.onnx into/);
    await drop("film.onnx", "a");
    const spec = await catalogue.find("film");
    expect(spec).toMatchObject({ id: "film", kind: "planes", pixelFormat: "gbrp", scale: 2 });
    expect(await readText(spec.file)).toBe("adapted a");
    expect(await catalogue.fileOf(spec, new AbortController().signal)).toBe(spec.file);
    expect((await catalogue.list()).map(({ id }) => id)).toContain("film");
    expect(settled).toEqual(["film ready"]);
  });

  it("checks one file after the other: each takes a core, and much memory", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const catalogue = open();
    await drop("a.onnx", "a");
    await drop("b.onnx", "b");
    const both = Promise.all(["a", "b"].map((id) => catalogue.find(id)));
    await eventually("a file is looked at", () => begun > 0);
    // What would begin at once had begun before this look at both.
    expect((await catalogue.models()).filter(({ state }) => state === "checking")).toHaveLength(2);
    expect(begun).toBe(1);
    resolve();
    await both;
    expect(begun).toBe(2);
  });

  it("finds adapted models again after a restart, without work", async () => {
    await drop("film.onnx", "a");
    const first = await open().find("film");
    expect(await open().find("film")).toEqual(first);
    expect(prepared).toHaveLength(1);
    expect(
      (await readdir(join(folder.path, ".adapted"))).filter((name) => name.includes("part")),
    ).toEqual([]);
  });

  it("makes them anew when what was made is gone", async () => {
    await drop("film.onnx", "a");
    const { file } = await open().find("film");
    await rm(file);
    await open().find("film");
    expect(prepared).toHaveLength(2);
  });

  it("does not keep the list waiting for a model that is being tried out", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    await drop("film.onnx", "a");
    const catalogue = open();
    expect(await stateOf(catalogue, "film")).toBe("checking");
    expect((await catalogue.list()).map(({ id }) => id)).not.toContain("film");
    resolve();
    await eventually("the model", async () =>
      (await stateOf(catalogue, "film")) === "ready" ? true : undefined,
    );
  });

  it("lists a bad file with its reason, and takes it when it is replaced by a good one", async () => {
    await drop("film.onnx", "bad");
    const catalogue = open();
    const error = await catalogue.find("film").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "model_unusable",
      message: "The model film cannot be used: No picture",
      got: "sound",
    });
    expect(await stateOf(catalogue, "film")).toBe("refused");
    await drop("film.onnx", "good now");
    expect((await catalogue.find("film")).id).toBe("film");
  });

  it("tries again after a restart what only died", async () => {
    await drop("film.onnx", "crash");
    await expect(open().find("film")).rejects.toThrow(/was killed/);
    await expect(open().find("film")).rejects.toThrow(/was killed/);
    expect(prepared).toHaveLength(2);
    await drop("other.onnx", "bad");
    await expect(open().find("other")).rejects.toThrow();
    await expect(open().find("other")).rejects.toThrow();
    expect(prepared.filter((file) => file.includes("other"))).toHaveLength(1);
  });

  it.each(["auto.onnx", "lanczos.onnx", "upreel-x2-full16.onnx", "two words.onnx"])(
    "refuses the name %s",
    async (name) => {
      await drop(name, "a");
      const catalogue = open();
      const id = name.replace(".onnx", "");
      await eventually("its state", async () =>
        (await catalogue.models()).some((model) => model.id === id && model.state === "refused")
          ? true
          : undefined,
      );
      expect(prepared).toEqual([]);
    },
  );

  it("takes in a file under a name, once, and deletes it with what was made of it", async () => {
    const catalogue = open();
    const incoming = async (text: string): Promise<string> => {
      await mkdir(join(folder.path, "incoming"), { recursive: true });
      const file = join(folder.path, "incoming", "1");
      await writeFile(file, text);
      return file;
    };
    expect(await catalogue.add(await incoming("a"), "film")).toMatchObject({ state: "ready" });
    expect(await catalogue.add(await incoming("a"), "film")).toMatchObject({ state: "ready" });
    await expect(catalogue.add(await incoming("b"), "film")).rejects.toThrow(/delete it first/);
    expect(await catalogue.add(await incoming("bad"), "other")).toMatchObject({ state: "refused" });
    expect((await readdir(folder.path)).filter((name) => name.endsWith(".onnx"))).toEqual([
      "film.onnx",
    ]);

    await catalogue.remove("film");
    expect(await readdir(join(folder.path, ".adapted"))).toEqual([]);
    await expect(catalogue.find("film")).rejects.toMatchObject({ code: "model_unknown" });
    await expect(catalogue.remove("film")).rejects.toMatchObject({ code: "model_unknown" });
    await expect(catalogue.remove("lanczos")).rejects.toMatchObject({ code: "bad_request" });
  });
});
