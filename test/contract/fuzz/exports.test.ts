import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { expect, test } from "vitest";
import { exportDeliveries } from "../../../src/state/actions/exportDeliveries";
import { hostileText } from "../../fuzz/hostile";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";
import { cookieAccount } from "../../scale/account";
import { temporaryDirectory } from "../local/support";

/** Files are slow: 100 in `npm test`. That every byte passes in any pieces is shown for 20,000 bodies by the unit tests. */
const runs = Math.max(100, Math.floor(fuzzRuns / 200));

test(
  "exports of any bytes, in any pieces, are saved as they came",
  { timeout: fuzzTimeoutMs },
  async ({ onTestFinished }) => {
    const random = new Random(fuzzSeed);
    let bytes = Buffer.alloc(0);
    const server = createServer((request, response) => {
      if (!(request.url ?? "").includes("export")) {
        response.setHeader("content-type", "application/json").end('{"success":true,"data":{"webhooks":[]}}');
        return;
      }
      response.writeHead(200, {
        "content-type": random.pick(["text/csv", "application/octet-stream", "text/csv; charset=x"]),
      });
      for (let at = 0; at < bytes.length;) {
        const to = at + 1 + random.below(5_000);
        response.write(bytes.subarray(at, to));
        at = to;
      }
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const directory = await temporaryDirectory();
    const account = await cookieAccount(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 50);
    onTestFinished(async () => {
      await account.close();
      server.closeAllConnections();
      server.close();
      await directory.remove();
    });
    const file = path.join(directory.path, "export.csv");
    for (let run = 0; run < runs; run++) {
      // Byte-order marks, NUL, lone CR, halves of characters, and lines far longer than a chunk.
      const texts = Array.from({ length: random.below(40) }, () =>
        Buffer.from(
          hostileText(random) + random.pick([",", "\r\n", "\r", "\n", '""', "\ufeff", "\u0000", "x".repeat(9_000)]),
          random.pick(["utf8", "latin1", "utf16le"]),
        ),
      );
      bytes = Buffer.concat(texts);
      expect(await exportDeliveries(account, {}, file, { overwrite: true })).toBe(bytes.length);
      expect(bytes.equals(await readFile(file)), `run ${run}`).toBe(true);
    }
  },
);
