import * as net from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { startLocalPacSpace } from "../../../src/local/server";
import { signIn, startReceiver } from "../local/support";
import { startServer } from "./server";

// The sockets are real; the clock alone is put forward, so that nobody waits for half a minute.
beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

const realTimeout = setTimeout;

/** What something comes to, now that its time is up. */
function outcomeOf<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    const timer = realTimeout(() => reject(new Error("It goes on, though its time is up.")), 10_000);
    timer.unref();
  });
  return Promise.race([work, late]);
}

/** Lets everything happen that needs no time. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

/** Whether something is still under way. */
async function isPending(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => void (settled = true);
  work.then(settle, settle);
  await turns();
  return !settled;
}

describe("a client that is told no limit gives PacSpace 30 seconds", () => {
  /** Creates a webhook: a call that is never repeated. */
  function create(baseUrl: string): Promise<unknown> {
    const api: PacSpaceApi = createClient({ baseUrl });
    onTestFinished(() => api.close());
    const created = api.webhooks.create({ url: "https://example.com/hook" });
    created.catch(() => undefined);
    return created;
  }

  test("for the first byte of its answer", async () => {
    let ask: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (ask = resolve));
    const server = await startServer(() => ask());
    onTestFinished(() => server.close());
    const created = create(server.url);
    await asked;
    await turns();
    vi.advanceTimersByTime(29_999);
    expect(await isPending(created)).toBe(true);
    vi.advanceTimersByTime(1);
    await expect(outcomeOf(created)).rejects.toMatchObject({
      kind: "timeout",
      message: expect.stringContaining("30 s") as string,
    });
    expect(server.seen).toHaveLength(1);
  });

  test("for connecting", async () => {
    const silent = net.createServer((socket) => socket.on("error", () => undefined));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const connected = once(silent, "connection");
    // TLS is asked for, and never begins.
    const created = create(`https://127.0.0.1:${(silent.address() as net.AddressInfo).port}`);
    await connected;
    await turns();
    vi.advanceTimersByTime(29_000);
    expect(await isPending(created)).toBe(true);
    vi.advanceTimersByTime(1_000);
    await expect(outcomeOf(created)).rejects.toMatchObject({
      kind: "timeout",
      message: expect.stringContaining("30 s") as string,
    });
  });
});

test("Local PacSpace gives an endpoint ten seconds for a whole answer", async () => {
  const local = await startLocalPacSpace();
  onTestFinished(() => local.close());
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const client = await signIn(local.baseUrl);
  const { id } = (await client.call("POST", "", { body: { url: receiver.url } })).json.data as { id: string };
  const asked = new Promise<void>((resolve) => {
    receiver.handle = (_request, response) => {
      response.writeHead(200).write("begin");
      resolve();
    };
  });
  const tested = client.call("POST", `/${id}/test`);
  await asked;
  vi.advanceTimersByTime(9_999);
  expect(await isPending(tested)).toBe(true);
  vi.advanceTimersByTime(1);
  expect((await outcomeOf(tested)).json.data).toMatchObject({
    success: false,
    message: expect.stringContaining("No whole answer within 10 s"),
  });
});
