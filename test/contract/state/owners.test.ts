import { spawn, type ChildProcess } from "node:child_process";
import { appendFile, mkdtemp, readdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bornAs, isAnotherAlive, thisProcess, type OwningProcess } from "../../../src/state/owningProcess";
import { RetryJournals } from "../../../src/state/retryJournal";

const environment = "Local PacSpace";
const longAgo = new Date(Date.now() - 11 * 60_000);

let other: ChildProcess;
let folder = "";
beforeEach(async () => {
  other = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  folder = await mkdtemp(path.join(tmpdir(), "pacspace-owners-"));
});
afterEach(async () => {
  vi.useRealTimers();
  other.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** The other process, as it writes itself down. */
function otherProcess(): OwningProcess {
  const pid = other.pid ?? 0;
  return { ...thisProcess(), pid, born: bornAs(pid) };
}

const onLinux = test.runIf(process.platform === "linux");

describe("a process that owns something", () => {
  onLinux("counts as alive, however far the clock jumps", () => {
    const owner = otherProcess();
    for (const hours of [0, 1, -1]) {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * 3_600_000 });
      expect(isAnotherAlive(owner)).toBe(true);
      vi.useRealTimers();
    }
  });

  onLinux("counts as ended when its id is another process's now", () => {
    expect(isAnotherAlive({ ...otherProcess(), born: thisProcess().born })).toBe(false);
  });

  test("is told by its id and the machine's start where nothing more was written down", () => {
    const { boot, pid } = otherProcess();
    expect(isAnotherAlive({ boot, pid })).toBe(true);
    expect(isAnotherAlive({ boot: boot - 3_600, pid })).toBe(false);
  });
});

describe("a bulk retry that was left", () => {
  /** @returns its file */
  async function leftBy(owner: object): Promise<string> {
    await new RetryJournals(folder).run(environment, ["evt_1"], () => Promise.resolve());
    const file = path.join(folder, (await readdir(folder))[0] ?? "");
    await appendFile(file, `${JSON.stringify(owner)}\n`);
    return file;
  }

  onLinux("by a process whose id is another's now keeps no one waiting", async () => {
    const { boot, pid } = otherProcess();
    await leftBy({ boot, pid, born: thisProcess().born });
    expect((await new RetryJournals(folder).unfinished(environment))?.left).toEqual(["evt_1"]);
  });

  test("by a process that may live is nobody's when its file was not touched for long", async () => {
    const { boot, pid } = otherProcess();
    const file = await leftBy({ boot, pid });
    expect(await new RetryJournals(folder).unfinished(environment)).toBeUndefined();
    await utimes(file, longAgo, longAgo);
    expect((await new RetryJournals(folder).unfinished(environment))?.left).toEqual(["evt_1"]);
  });

  test("and is worked on is touched, while it waits too", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    await new RetryJournals(folder).run(environment, ["evt_1"], async () => {
      const file = path.join(folder, (await readdir(folder))[0] ?? "");
      await utimes(file, longAgo, longAgo);
      vi.advanceTimersByTime(60_000);
      await vi.waitFor(async () => expect((await stat(file)).mtimeMs).toBeGreaterThan(longAgo.getTime() + 60_000));
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});
