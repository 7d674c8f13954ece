import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thisProcess } from "../../../src/state/owningProcess";
import { temporaryDirectory } from "../local/support";
import { bundled, nextMessage, started } from "../program";

let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
let program = "";
const windows: ChildProcess[] = [];
beforeAll(async () => {
  scratch = await temporaryDirectory();
  program = await bundled(path.join(import.meta.dirname, "windowProcess.ts"), scratch.path);
});
afterAll(async () => {
  for (const window of windows) window.kill("SIGKILL");
  await scratch.remove();
});

/** Opens a window without a folder. */
async function opened(parent: string): Promise<{ window: ChildProcess; found: number }> {
  const window = started(program, { parent });
  windows.push(window);
  return { window, found: await nextMessage<number>(window) };
}

/** @returns how many captures the window has then */
async function capture(window: ChildProcess, more: number): Promise<number> {
  window.send(more);
  return nextMessage<number>(window);
}

async function closed(window: ChildProcess): Promise<void> {
  const exit = once(window, "exit");
  window.kill("SIGKILL");
  await exit;
}

test("windows without a folder keep their captures apart, and the next ones go on with what they left", async () => {
  const parent = path.join(scratch.path, "captures");
  const one = await opened(parent);
  expect(await capture(one.window, 3)).toBe(3);
  const other = await opened(parent);
  expect(other.found, "the first window's are its own").toBe(0);
  expect(await capture(other.window, 2)).toBe(2);
  expect(await capture(other.window, 0), "all are deleted there").toBe(0);
  await closed(one.window);
  await closed(other.window);
  const next = await Promise.all([opened(parent), opened(parent)]);
  expect(next.map(({ found }) => found).toSorted(), "one of two takes them over").toEqual([0, 3]);
  await Promise.all(next.map(({ window }) => closed(window)));
  expect((await opened(parent)).found).toBe(3);
});

test("a folder of the time before the machine was started belongs to nobody, and others are left alone", async () => {
  const parent = path.join(scratch.path, "restarted");
  const { boot } = thisProcess();
  await mkdir(path.join(parent, `${boot - 3_600}-${process.pid}`), { recursive: true });
  await writeFile(path.join(parent, `${boot - 3_600}-${process.pid}`, "kept"), "");
  await mkdir(path.join(parent, `${boot}-${process.pid}`));
  await writeFile(path.join(parent, `${boot}-${process.pid}`, "running"), "");
  await mkdir(path.join(parent, "not-ours"));
  const { window } = await opened(parent);
  const names = await readdir(parent);
  const taken = names.find((name) => name.split("-")[1] === String(window.pid)) ?? "none";
  expect(names.toSorted()).toEqual([`${boot}-${process.pid}`, taken, "not-ours"].toSorted());
  expect(await readdir(path.join(parent, taken))).toEqual(["kept"]);
});
