import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Account } from "../../../src/state/account";
import { exportDeliveries } from "../../../src/state/actions/exportDeliveries";
import { cookieAccount } from "../../scale/account";
import { startCsvServer, type CsvServer } from "../../scale/csvServer";
import { temporaryDirectory } from "../local/support";

const mebibyte = 1024 ** 2;
const size = 256 * mebibyte;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let csv: CsvServer;
let account: Account;

beforeAll(async () => {
  directory = await temporaryDirectory();
  csv = await startCsvServer(size);
  account = await cookieAccount(csv.baseUrl, 50);
});

afterAll(async () => {
  await account.close();
  csv.server.closeAllConnections();
  csv.server.close();
  await directory.remove();
});

test("an export of 256 MiB passes through without piling up", async () => {
  const file = path.join(directory.path, "all.csv");
  const before = process.memoryUsage.rss();
  let peak = before;
  const bytes = await exportDeliveries(account, {}, file, {
    onBytes: () => {
      peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  expect(bytes).toBe(size);
  expect((await stat(file)).size).toBe(size);
  expect(peak - before).toBeLessThan(96 * mebibyte);
});

test("one that is cancelled half-way leaves nothing, here and at the server", async () => {
  const file = path.join(directory.path, "half.csv");
  const before = await readdir(directory.path);
  const cancel = new AbortController();
  const cancelled = exportDeliveries(account, {}, file, {
    signal: cancel.signal,
    onBytes: (count) => {
      if (count > size / 2) cancel.abort();
    },
  });
  await expect(cancelled).rejects.toMatchObject({ kind: "cancelled" });
  expect(await readdir(directory.path)).toEqual(before);
  await expect.poll(() => csv.left(), { timeout: 10_000 }).toBe(1);
});
