import { expect, test } from "vitest";
import { chaptersFile } from "./chapters-file.ts";

test("chapters are written in milliseconds, whatever their titles are", () => {
  const chapters = [
    { startSeconds: 0, endSeconds: 61.2345, title: "A = B; #1 \\\n[CHAPTER]" },
    { startSeconds: 61.2345, endSeconds: 90 },
  ];
  expect(chaptersFile(chapters).split(/\n(?=\[CHAPTER\]\nTIMEBASE)/)).toEqual([
    ";FFMETADATA1",
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=61235\ntitle=A \\= B\\; \\#1 \\\\\\\n[CHAPTER]",
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=61235\nEND=90000\n",
  ]);
});

test("a film without chapters has none", () => {
  expect(chaptersFile([])).toBe(";FFMETADATA1\n");
});
