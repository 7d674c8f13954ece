import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CreateNotes } from "../../../src/state/createNotes";

const url = "https://example.com/hook";
let folder: string;
let notes: CreateNotes;
/** Another window of the same process's kind: it holds nothing. */
const nextWindow = (): CreateNotes => new CreateNotes(folder, "env");

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pacspace-notes-"));
  notes = new CreateNotes(folder, "env");
});
afterEach(() => rm(folder, { recursive: true }));

/** Gives all notes to another process. */
async function giveTo(pid: number): Promise<void> {
  for (const file of await readdir(folder)) {
    await rename(path.join(folder, file), path.join(folder, file.replace(/\.\d+\./, `.${pid}.`)));
  }
}

function endedProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

test("what is begun is on the disk, and gone when it is settled", async () => {
  const note = await notes.begin({ url, description: "billing" }, ["webhook_1"], true);
  expect(await nextWindow().takeAbandoned()).toEqual([note]);
  await notes.settle(note);
  expect(await readdir(folder)).toEqual([]);
});

test("a note is left to who works on it, and taken over once when that process has ended", async () => {
  const note = await notes.begin({ url }, []);
  expect(await notes.takeAbandoned()).toEqual([]);
  await giveTo(process.ppid);
  expect(await nextWindow().takeAbandoned()).toEqual([]);
  await giveTo(endedProcess());
  const taken = await Promise.all([nextWindow().takeAbandoned(), nextWindow().takeAbandoned()]);
  expect(taken.flat()).toEqual([{ ...note, description: undefined }]);
});

test("a note of an older version, which doesn't say whether all webhooks were known, is understood", async () => {
  const note = { url, knownIds: ["webhook_1"], begunAt: 1_700_000_000_000 };
  await writeFile(path.join(folder, `old.${endedProcess()}.json`), JSON.stringify({ environment: "env", ...note }));
  expect(await notes.takeAbandoned()).toEqual([{ name: "old", description: undefined, knewAll: false, ...note }]);
});

test("a note that is released is found again, by the same window too", async () => {
  const note = await notes.begin({ url }, []);
  notes.release(note);
  expect((await notes.takeAbandoned()).map(({ name }) => name)).toEqual([note.name]);
  expect(await notes.takeAbandoned()).toEqual([]);
});

test("while a URL is being created, an older note of it waits", async () => {
  const older = await notes.begin({ url }, []);
  await giveTo(endedProcess());
  const younger = await notes.begin({ url }, []);
  notes.release(older);
  expect(await notes.takeAbandoned()).toEqual([]);
  await notes.settle(younger);
  expect((await notes.takeAbandoned()).map(({ name }) => name)).toEqual([older.name]);
});

test("other environments' notes, cut ones and other files are left alone", async () => {
  await new CreateNotes(folder, "elsewhere").begin({ url }, []);
  await writeFile(path.join(folder, `cut.${endedProcess()}.json`), '{"environment":"env","url"');
  await writeFile(path.join(folder, "note.txt"), "mine");
  expect(await nextWindow().takeAbandoned()).toEqual([]);
  expect(await readdir(folder)).toHaveLength(3);
});

test("a create that can't be noted is refused, in words that help", async () => {
  const file = path.join(folder, "file");
  await writeFile(file, "");
  await expect(new CreateNotes(path.join(file, "creates"), "env").begin({ url }, [])).rejects.toMatchObject({
    kind: "invalid",
    message: expect.stringMatching(/was not created.*Make that folder writable/) as string,
  });
});
