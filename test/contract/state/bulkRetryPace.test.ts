import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { Store } from "../../../src/local/store";
import { failedDeliveries, retryDeliveries } from "../../../src/state/actions/retryFailedDeliveries";
import { RetryJournals } from "../../../src/state/retryJournal";
import { to, type SeenRequest } from "../../misbehave/proxy";
import { failedRecord, failingWebhook } from "./failedRecords";
import { openLab } from "./lab";

/** A minute, in milliseconds: a short one in `npm test`; RETRY_MINUTE_MS=60000 is PacSpace's own. */
const minuteMs = Number(process.env.RETRY_MINUTE_MS ?? 400);
const aMinute = 60;
const count = 150;
const retry = to("POST", "/retry");

/** Takes 60 requests in each minute, which begins with the first of them, and says how long the rest of it is. */
class MinuteLimit {
  refused = 0;
  /** Requests that came before the wait was over that they were asked to keep. */
  early = 0;
  /** How many were taken, minute by minute. */
  readonly taken: number[] = [];
  #began = -Infinity;
  #refused = false;

  readonly refuses = (request: SeenRequest): boolean => {
    if (!retry(request)) return false;
    if (this.#leftMs() <= 0) {
      this.#began = performance.now();
      this.#refused = false;
      this.taken.push(0);
    } else if (this.#refused) this.early++;
    const taken = this.taken.at(-1) ?? 0;
    if (taken === aMinute) {
      this.refused++;
      this.#refused = true;
      return true;
    }
    this.taken[this.taken.length - 1] = taken + 1;
    return false;
  };

  /** What a refusal says. A server counts in whole seconds; in a short minute it counts in parts of them. */
  get retryAfter(): string {
    const seconds = this.#leftMs() / 1_000;
    return minuteMs < 60_000 ? seconds.toFixed(3) : String(Math.ceil(seconds));
  }

  #leftMs(): number {
    // Timers are exact to a millisecond.
    return this.#began + minuteMs - 2 - performance.now();
  }
}

test(
  `150 failed deliveries, 60 in each minute of ${minuteMs / 1_000} s: each is retried once, at that pace`,
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "pacspace-pace-"));
    const dataDir = path.join(folder, "local");
    const deliveries = Array.from({ length: count }, (_, index) => failedRecord(index));
    new Store({
      directory: dataDir,
      now: new Date(),
      seed: () => ({ webhooks: [failingWebhook], deliveries }),
    }).close();
    const lab = await openLab({ dataDir, retryDelaysMs: [3_600_000] });
    try {
      const ids = (await failedDeliveries(lab.account, {})).map(({ id }) => id);
      lab.proxy.reset();
      const limit = new MinuteLimit();
      lab.proxy.always(limit.refuses, {
        kind: "answer",
        status: 429,
        get headers() {
          return { "retry-after": limit.retryAfter };
        },
        body: "",
      });
      const estimates: { readonly done: number; readonly leftMs: number }[] = [];
      const begun = performance.now();
      const result = await new RetryJournals(folder).run("Local PacSpace", ids, (journal) =>
        retryDeliveries(lab.account, journal, {
          onProgress: ({ done, leftMs }) => {
            if (leftMs !== undefined) estimates.push({ done, leftMs });
          },
        }),
      );
      const tookMs = performance.now() - begun;
      const estimate = estimates.find(({ done }) => done >= 2 * aMinute);
      const told =
        estimate && `; after ${estimate.done}, ${(estimate.leftMs / 1_000).toFixed(0)} s were said to be left`;
      const paced = `minute by minute ${limit.taken.join(", ")}, ${limit.refused} refused`;
      console.log(`${count} in ${(tookMs / 1_000).toFixed(1)} s, ${paced}${told ?? ""}`);
      expect(result).toEqual({ matched: count, retried: count, failed: [] });
      const sent = lab.proxy.requests.flatMap(({ path: route }) => /([^/]+)\/retry$/.exec(route)?.[1] ?? []);
      expect(sent.length).toBe(count + limit.refused);
      expect(new Set(sent)).toEqual(new Set(ids));
      const pending = await lab.account.call((api) => api.webhooks.deliveryPage({ status: "pending", limit: 1 }));
      expect(pending.total).toBe(count);
      expect(limit.early).toBe(0);
      // Where the machine is slower than the short minute, fewer are refused and there are more minutes.
      expect(limit.refused).toBeLessThanOrEqual(2);
      expect(limit.taken.reduce((sum, taken) => sum + taken)).toBe(count);
      if (minuteMs >= 10_000) expect(limit).toMatchObject({ taken: [60, 60, 30], refused: 2 });
      expect(tookMs).toBeGreaterThan(2 * (minuteMs - 2));
      expect(tookMs).toBeLessThan(2 * minuteMs + 30_000);
    } finally {
      await lab.close();
      await rm(folder, { recursive: true });
    }
  },
  60_000 + 3 * minuteMs,
);
