import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Polling } from "../../../src/host/receiver/polling";
import { to } from "../../misbehave/proxy";
import {
  closeAll,
  eventually,
  startHandler,
  startLab,
  type Handled,
  type Lab as ReceiverLab,
} from "../receiver/support";
import { openLab, type Lab } from "../state/lab";

let pacspace: Lab;
let webhookId: string;
const pollings: Polling[] = [];

beforeEach(async () => {
  pacspace = await openLab({ seed: "empty" });
  const { webhook, secret } = await pacspace.account.call((api) =>
    api.webhooks.create({ url: "http://127.0.0.1:9/hooks?of=pacspace" }),
  );
  webhookId = webhook.id;
  // With it a delivery can be handed on before PacSpace's own first attempt, which sets the headers, has ended.
  await pacspace.account.secrets.store(webhookId, secret);
});

afterEach(async () => {
  for (const polling of pollings.splice(0)) await polling.stop();
  await closeAll();
  await pacspace.close();
});

/** A window's polling, with a receiver that hands on to a handler. */
async function open(
  answer?: Parameters<typeof startHandler>[0],
  everyMs = 20,
  log: (line: string) => void = () => undefined,
): Promise<ReceiverLab & { readonly polling: Polling; readonly got: readonly Handled[] }> {
  const { url, got } = await startHandler(answer);
  const lab = await startLab({ forwardTo: url });
  const kept = new Map<string, unknown>();
  const polling = new Polling({
    account: () => pacspace.account,
    memory: {
      get: (key: string) => kept.get(key) as never,
      update: (key, value) => Promise.resolve(void kept.set(key, value)),
    },
    everyMs: () => everyMs,
    log,
    receiver: () => ({
      url: lab.receiver.url,
      take: async (request, source, signal) => (await lab.receiver.take(request, source, signal)).forward,
    }),
    changed: () => undefined,
  });
  pollings.push(polling);
  return { ...lab, polling, got };
}

const event = (): Promise<unknown> => pacspace.account.call((api) => api.webhooks.test(webhookId));

const readings = (): number => pacspace.proxy.count(to("GET", "/deliveries"));

describe("polling of a window", () => {
  test("that is started twice at once runs once, and can be stopped", async () => {
    const { polling, got } = await open();
    await Promise.all([polling.start(), polling.start()]);
    await event();
    await eventually(() => got.length > 0);
    const before = readings();
    await eventually(() => readings() > before + 5);
    expect(got).toHaveLength(1);
    await polling.stop();
    const after = readings();
    await event();
    await event();
    expect([readings(), got.length]).toEqual([after, 1]);
  });

  test("that is stopped, or ended, while it starts is off", async () => {
    const { polling } = await open();
    const starting = polling.start();
    expect(polling.wanted).toBe(pacspace.account.environment.storageKey);
    const stopping = polling.stop();
    expect(polling.wanted).toBeUndefined();
    await Promise.all([starting, stopping]);
    expect(polling.isOn).toBe(false);
    const again = polling.start();
    polling.dispose();
    await again;
    await polling.stop();
    expect(polling.isOn).toBe(false);
  });

  test("hands on to the path and query of the webhook's endpoint", async () => {
    const { polling, got, store } = await open();
    await polling.start();
    await event();
    await eventually(() => got.length > 0);
    expect(got[0]?.url).toBe("/hooks?of=pacspace");
    expect(store.captures[0]?.target).toBe("/hooks?of=pacspace");
  });

  test("names what the handler refused, says why, and sends it when the handler takes it", async () => {
    let status = 500;
    const log: string[] = [];
    const answer: Parameters<typeof startHandler>[0] = (_request, response) => response.writeHead(status).end();
    const { polling, got } = await open(answer, 20, (line) => log.push(line));
    await polling.start();
    await event();
    await eventually(() => polling.state?.missed.length === 1 && log.length === 1);
    expect(polling.state).toMatchObject({ delivered: 0, missed: [{ webhookId }] });
    expect(log).toEqual([expect.stringMatching(/was not handed on: The handler answered with status 500\.$/)]);
    status = 204;
    expect(await polling.sendMissed(new AbortController().signal)).toBe(1);
    expect([got.length, polling.state?.delivered, polling.state?.missed]).toEqual([2, 1, []]);
  });

  test("is stopped at once where a handler is slow; what it had to do stays named", async () => {
    const { polling, got } = await open(() => undefined);
    await polling.start();
    await event();
    await eventually(() => got.length === 1);
    const began = performance.now();
    await polling.stop();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(polling.state?.missed).toHaveLength(1);
  });

  test("is stopped at once while it sends what was missed", async () => {
    const { polling, got } = await open(() => undefined, 600_000);
    await polling.start();
    await polling.stop();
    await event();
    await event();
    await polling.start();
    const sending = polling.sendMissed(new AbortController().signal);
    await eventually(() => got.length === 1);
    const began = performance.now();
    await polling.stop();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect([await sending, got.length, polling.state?.missed.length]).toEqual([0, 1, 2]);
  });
});
