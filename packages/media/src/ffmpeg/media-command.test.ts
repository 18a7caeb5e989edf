import { decodeFileName } from "@upreel/core";
import { execa } from "execa";
import { expect, test } from "vitest";
import { mediaCommand } from "./media-command.ts";

test("a tool is started as it is, unless a file is named by bytes that are not UTF-8", async () => {
  expect(mediaCommand("ffmpeg", ["-i", "é 'x'.mkv"])).toEqual(["ffmpeg", ["-i", "é 'x'.mkv"]]);
  const name = decodeFileName(Buffer.from("/films/caf\xe9 %s \\n \"$(id)\" 'x'.mkv", "latin1"));
  const [file, args] = mediaCommand("printf", ["%s|", "it's $HOME `id`", "", name, "-é"]);
  const { stdout } = await execa(file, args, { encoding: "buffer" });
  expect(Buffer.from(stdout).toString("latin1")).toBe(
    `it's $HOME \`id\`||/films/caf\xe9 %s \\n "$(id)" 'x'.mkv|-${Buffer.from("é").toString("latin1")}|`,
  );
});
