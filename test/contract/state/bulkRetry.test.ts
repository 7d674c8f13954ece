import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Store } from "../../../src/local/store";
import {
  failedDeliveries,
  retryDeliveries,
  type BulkRetryProgress,
  type BulkRetryResult,
} from "../../../src/state/actions/retryFailedDeliveries";
import { Estimate } from "../../../src/state/estimate";
import { bornAs, thisProcess } from "../../../src/state/owningProcess";
import { RetryJournal, RetryJournals } from "../../../src/state/retryJournal";
import { to, type Matcher } from "../../misbehave/proxy";
import { failedRecord, failingWebhook } from "./failedRecords";
import { openLab, type Lab } from "./lab";

const environment = "Local PacSpace";
const retry = to("POST", "/retry");

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pacspace-retries-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** All ids that were sent to be retried and not refused as too many, in order. */
function sentIds(lab: Lab): readonly string[] {
  return lab.proxy.requests.flatMap(({ path: route }) => /([^/]+)\/retry$/.exec(route)?.[1] ?? []);
}

describe("bulk retry", () => {
  let lab: Lab;
  let ids: readonly string[] = [];
  beforeAll(async () => {
    lab = await openLab({ seed: "demo", retryDelaysMs: [3_600_000] });
  });
  afterAll(() => lab.close());
  beforeEach(async () => {
    ids = (await failedDeliveries(lab.account, {})).slice(0, 6).map(({ id }) => id);
    expect(ids).toHaveLength(6);
    lab.proxy.reset();
  });

  function run(
    journals: RetryJournals,
    wanted: readonly string[] | undefined,
    task: Parameters<typeof retryDeliveries>[2] = {},
  ): Promise<BulkRetryResult> {
    return journals.run(environment, wanted, (journal) => retryDeliveries(lab.account, journal, task));
  }

  test("retries each once, waits as told, and tells what failed with its reason", async () => {
    lab.proxy.next(retry, { kind: "answer", status: 429, headers: { "retry-after": "0.2" }, body: "" });
    lab.proxy.next(to("POST", `/${ids[1]}/retry`), { kind: "answer", status: 500, body: "" });
    lab.proxy.next(to("POST", `/${ids[3]}/retry`), {
      kind: "answer",
      status: 409,
      body: '{"statusCode":409,"message":"Only failed deliveries can be retried"}',
    });
    const waits: number[] = [];
    const onProgress = ({ waitMs }: BulkRetryProgress): void => {
      if (waitMs !== undefined) waits.push(waitMs);
    };
    const result = await run(new RetryJournals(folder), ids, { onProgress });
    expect(result).toMatchObject({ matched: 6, retried: 4 });
    expect(result.failed.map(({ id }) => id)).toEqual([ids[1], ids[3]]);
    expect(result.failed[0]?.message).toMatch(/queued all the same/);
    expect(result.failed[0]?.message.match(/all the same/g)).toHaveLength(1);
    expect(result.failed[1]?.message).toMatch(/Only failed deliveries can be retried/);
    expect(waits).toEqual([200]);
    expect(sentIds(lab)).toEqual([ids[0], ...ids]);
    expect(await readdir(folder), "nothing is left to be resumed").toEqual([]);
  });

  test("waits on where the client has given up, for a refusal has no effect", async () => {
    for (let refusal = 0; refusal < 5; refusal++) {
      lab.proxy.next(retry, { kind: "answer", status: 429, headers: { "retry-after": "0.02" }, body: "" });
    }
    expect(await run(new RetryJournals(folder), ids.slice(0, 2))).toEqual({ matched: 2, retried: 2, failed: [] });
  });

  test("stops at a cancel and keeps what is done; a later window resumes without retrying any twice", async () => {
    const controller = new AbortController();
    const journals = new RetryJournals(folder);
    const first = await run(journals, ids, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 2) controller.abort();
      },
    });
    expect(first).toEqual({ matched: 6, retried: 2, failed: [] });
    const next = new RetryJournals(folder);
    expect(await next.unfinished(environment)).toMatchObject({ done: 2, left: ids.slice(2) });
    expect(await next.unfinished("https://app.pacspace.io"), "environments are kept apart").toBeUndefined();
    expect(await run(next, undefined)).toEqual({ matched: 6, retried: 6, failed: [] });
    expect(sentIds(lab)).toEqual(ids);
    await expect(run(next, undefined)).rejects.toMatchObject({ kind: "notFound" });
  });

  test("a cancel in the middle of a wait leaves that delivery to be done, and does not count it as failed", async () => {
    lab.proxy.always(to("POST", `/${ids[1]}/retry`), {
      kind: "answer",
      status: 429,
      headers: { "retry-after": "3600" },
      body: "",
    });
    const controller = new AbortController();
    const journals = new RetryJournals(folder);
    const first = await run(journals, ids.slice(0, 3), {
      signal: controller.signal,
      onProgress: ({ waitMs }) => {
        if (waitMs !== undefined) setTimeout(() => controller.abort(), 20);
      },
    });
    expect(first).toEqual({ matched: 3, retried: 1, failed: [] });
    expect((await journals.unfinished(environment))?.left).toEqual(ids.slice(1, 3));
  });

  test("a server that is gone, or a session that ended, stops it and says how far it came", async () => {
    const journals = new RetryJournals(folder);
    lab.proxy.next(to("POST", `/${ids[1]}/retry`), { kind: "answer", status: 401, body: "{}" });
    await expect(run(journals, ids.slice(0, 3))).rejects.toMatchObject({
      kind: "auth",
      message: expect.stringMatching(/1 of 3 deliveries are done/) as string,
    });
    expect((await journals.unfinished(environment))?.left).toEqual(ids.slice(1, 3));
    expect(await run(journals, undefined)).toEqual({ matched: 3, retried: 3, failed: [] });
  });

  test("one that was under way when the window was killed is told, and not sent again", async () => {
    const journals = new RetryJournals(folder);
    // As a kill leaves it: noted as being sent, and no more.
    await journals.run(environment, ids.slice(0, 3), (journal) => journal.sending(ids[0] ?? ""));
    const result = await run(new RetryJournals(folder), undefined);
    expect(result).toMatchObject({ matched: 3, retried: 2 });
    expect(result.failed).toEqual([{ id: ids[0], message: expect.stringMatching(/window was closed/) as string }]);
    expect(sentIds(lab)).toEqual(ids.slice(1, 3));
  });

  test("runs once at a time in an environment", async () => {
    const journals = new RetryJournals(folder);
    await journals.run(environment, ids, async () => {
      await expect(run(journals, ids)).rejects.toMatchObject({ kind: "conflict" });
      expect(await journals.unfinished(environment)).toBeUndefined();
    });
    expect(sentIds(lab)).toEqual([]);
  });

  test("is not discarded by an old question while it runs, here or in another window, nor is one begun since", async () => {
    const journals = new RetryJournals(folder);
    await journals.run(environment, ids, (journal) => journal.ended(ids[0] ?? "", "retried"));
    const asked = (await journals.unfinished(environment))?.startedAt ?? "";
    await journals.run(environment, undefined, async () => {
      await expect(journals.discard(environment, asked)).rejects.toMatchObject({ kind: "conflict" });
    });
    const [name = ""] = await readdir(folder);
    const file = path.join(folder, name);
    const kept = await readFile(file, "utf8");
    const other = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    try {
      // As the other window notes that it goes on.
      await appendFile(file, `${JSON.stringify({ ...thisProcess(), pid: other.pid, born: bornAs(other.pid ?? 0) })}\n`);
      await expect(journals.discard(environment, asked)).rejects.toMatchObject({ kind: "conflict" });
    } finally {
      other.kill();
    }
    await writeFile(file, kept);
    await journals.discard(environment, "2026-01-01T00:00:00.000Z");
    expect((await journals.unfinished(environment))?.left).toEqual(ids.slice(1));
    await journals.discard(environment, asked);
    expect(await readdir(folder)).toEqual([]);
  });

  test("is not resumed without its list, when it is discarded as it begins", async () => {
    await new RetryJournals(folder).run(environment, ids, () => Promise.resolve());
    const [name = ""] = await readdir(folder);
    const journal = await RetryJournal.read(path.join(folder, name));
    await rm(path.join(folder, name));
    await expect(journal?.resume()).rejects.toThrow(/can't be written down/);
    expect(await readdir(folder)).toEqual([]);
  });

  test("sends nothing that it can't note", async () => {
    await new RetryJournals(folder).run(environment, ids, () => Promise.resolve());
    const [name = ""] = await readdir(folder);
    const journals = new RetryJournals(path.join(folder, name, "below-a-file"));
    await expect(run(journals, ids)).rejects.toThrow(/can't be written down/);
    expect(sentIds(lab)).toEqual([]);
  });
});

/** Takes 60 requests and then none until the wait that it asks for has passed: PacSpace's limit in a shorter minute. */
class Limiter {
  /** Requests that came before they were asked to. */
  early = 0;
  refused = 0;
  #taken = 0;
  #refusedAt = -Infinity;

  constructor(private readonly waitMs: number) {}

  readonly refuses: Matcher = (request) => {
    if (!retry(request)) return false;
    const waited = performance.now() - this.#refusedAt;
    // Timers are exact to a millisecond.
    if (waited < this.waitMs - 1) this.early++;
    this.#refusedAt = -Infinity;
    if (++this.#taken <= 60) return false;
    this.#taken = 0;
    this.#refusedAt = performance.now();
    this.refused++;
    return true;
  };
}

describe("ten thousand failed deliveries, with a limit of 60 to a minute of 20 ms", () => {
  const count = 10_000;

  test("are retried once each over three runs, at the server's pace, with an estimate", async () => {
    const dataDir = path.join(folder, "local");
    const deliveries = Array.from({ length: count }, (_, index) => failedRecord(index));
    new Store({
      directory: dataDir,
      now: new Date(),
      seed: () => ({ webhooks: [failingWebhook], deliveries }),
    }).close();
    const lab = await openLab({ dataDir, retryDelaysMs: [3_600_000] });
    try {
      const rows = await failedDeliveries(lab.account, {});
      expect(rows).toHaveLength(count);
      lab.proxy.reset();
      const limiter = new Limiter(20);
      lab.proxy.always(limiter.refuses, { kind: "answer", status: 429, headers: { "retry-after": "0.02" }, body: "" });
      let wanted: readonly string[] | undefined = rows.map(({ id }) => id);
      let waits = 0;
      let estimates = 0;
      let result: BulkRetryResult | undefined;
      const [begun, used] = [performance.now(), process.cpuUsage()];
      for (const stopAt of [1_000, 3_000, Infinity]) {
        const controller = new AbortController();
        // A new window each time.
        result = await new RetryJournals(folder).run(environment, wanted, (journal) =>
          retryDeliveries(lab.account, journal, {
            signal: controller.signal,
            onProgress: ({ done, leftMs, waitMs }) => {
              if (waitMs !== undefined) waits++;
              if (leftMs !== undefined) estimates++;
              if (done >= stopAt) controller.abort();
            },
          }),
        );
        wanted = undefined;
      }
      const { user, system } = process.cpuUsage(used);
      const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
      console.log(`${count} in ${seconds} s, ${((user + system) / 1e6).toFixed(1)} s of processor time`);
      expect(result).toEqual({ matched: count, retried: count, failed: [] });
      // A refused request is sent again; what took effect is counted by the server itself.
      expect(lab.proxy.count(retry)).toBe(count + waits);
      expect(new Set(sentIds(lab)).size).toBe(count);
      const pending = await lab.account.call((api) => api.webhooks.deliveryPage({ status: "pending", limit: 1 }));
      expect(pending.total).toBe(count);
      expect(limiter).toMatchObject({ early: 0, refused: Math.floor((count - 1) / 60) });
      expect(waits).toBe(limiter.refused);
      expect(estimates).toBeGreaterThan(0);
    } finally {
      await lab.close();
    }
  }, 300_000);
});

describe("the estimate", () => {
  test("goes by the pace so far, and takes a wait that was announced into account", () => {
    let now = 1_000;
    const estimate = new Estimate(() => now);
    expect(estimate.left(0, 10_000)).toBeUndefined();
    now += 1_000;
    expect(estimate.left(60, 10_000), "too early to tell").toBeUndefined();
    estimate.waiting(59_000);
    expect(estimate.left(60, 10_000)).toBe(9_940_000);
    now += 59_000 + 4 * 60_000;
    expect(estimate.left(312, 10_000)).toBeCloseTo((300_000 / 312) * 9_688);
  });
});
