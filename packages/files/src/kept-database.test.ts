import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { keepDatabase } from "./kept-database.ts";

const FIRST = "CREATE TABLE films (title TEXT NOT NULL) STRICT;";
const SECOND = "ALTER TABLE films ADD COLUMN year INTEGER NOT NULL DEFAULT 1927;";

/** Opens the database, adds a film where one is named, and tells all that are in it. */
function films(path: string, migrations: readonly string[], title?: string) {
  const log = makeRecordingLog();
  using kept = keepDatabase(path, { subject: "Films", migrations, log, nowMs: () => 0 });
  if (title !== undefined)
    kept.transact((open) => open.prepare("INSERT INTO films (title) VALUES (?)").run(title));
  const rows = kept.use((open) => open.prepare("SELECT * FROM films").all());
  return { rows: rows.map((row) => ({ ...row })), warnings: log.entries.map((e) => e.message) };
}

it("tables of an older version are brought to the newer one with all that is in them, and a copy of before is kept", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "films.db");
  films(path, [FIRST], "Metropolis");
  expect(await readdir(folder.path)).toEqual(["films.db"]);
  expect(films(path, [FIRST, SECOND])).toEqual({
    ...{ rows: [{ title: "Metropolis", year: 1927 }], warnings: [] },
  });
  expect((await readdir(folder.path)).toSorted()).toEqual(["films.db", "films.db.version-1"]);
  // The copy is a database of the version before: that Upreel can go on with it.
  expect(films(`${path}.version-1`, [FIRST]).rows).toEqual([{ title: "Metropolis" }]);
});

it("a change of tables that what is in them does not allow changes nothing of the file", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "films.db");
  films(path, [FIRST], "Metropolis");
  films(path, [FIRST], "Metropolis");
  const once = `${SECOND} CREATE UNIQUE INDEX titles ON films (title);`;
  const { rows, warnings } = films(path, [FIRST, once]);
  expect([rows, warnings]).toEqual([[], [expect.stringContaining("is forgotten at the end")]]);
  const both = [{ title: "Metropolis" }, { title: "Metropolis" }];
  expect(films(path, [FIRST]).rows).toEqual(both);
});
