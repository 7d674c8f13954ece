import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryDirectory } from "../local/support";
import { bundled, nextMessage, started } from "../program";
import type { Orders, Report } from "./clientProgram";
import { json, startServer } from "./server";

/** The process's limit, and how long it sleeps, in milliseconds. */
const shortLimitMs = 1_500;
const sleepMs = 2_500;
const answer = {
  success: true,
  data: { id: "webhook_1", url: "https://example.com", enabled: true, secret: "whsec_1" },
};

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let program: string;

beforeAll(async () => {
  folder = await temporaryDirectory();
  program = await bundled(path.join(import.meta.dirname, "clientProgram.ts"), folder.path);
});
afterAll(() => folder.remove());

describe("a machine that sleeps in the middle of a request", () => {
  const orders = (baseUrl: string, what: Orders["call"]): Orders => ({ baseUrl, timeoutMs: shortLimitMs, call: what });

  /** Lets the process sleep for longer than its limit as soon as its request has come, and says what came of it. */
  async function asleep(
    what: Orders["call"],
    meanwhile: "answer" | "reset",
  ): Promise<{ report: Report; requests: number }> {
    const plain = await startServer((_request, response, socket) => {
      if (plain.seen.length > 1) return json(response, answer);
      child.kill("SIGSTOP");
      setTimeout(() => (meanwhile === "answer" ? json(response, answer, 201) : socket.resetAndDestroy()), 200);
      return setTimeout(() => child.kill("SIGCONT"), sleepMs);
    });
    const child = started(program, orders(plain.url, what));
    const report = await nextMessage<Report>(child);
    await plain.close();
    return { report, requests: plain.seen.length };
  }

  test("finds the answer that came meanwhile, and with it a new webhook's secret", async () => {
    expect(await asleep("create", "answer")).toEqual({ report: { ok: true, secret: "whsec_1" }, requests: 1 });
  });

  test("and finds the connection gone: what may be repeated is, what may not is said to be open", async () => {
    const [read, created] = await Promise.all([asleep("get", "reset"), asleep("create", "reset")]);
    expect(read).toEqual({ report: { ok: true }, requests: 2 });
    expect(created).toMatchObject({ report: { ok: false, uncertain: true }, requests: 1 });
  });
});
