import { rm } from "node:fs/promises";
import * as path from "node:path";
import { expect } from "vitest";
import { isPacSpaceError, mustLook } from "../../../src/core/errors";
import { deliveryKey } from "../../../src/core/model/delivery";
import type { Account } from "../../../src/state/account";
import { MisbehavingProxy } from "../../misbehave/proxy";
import { MemorySecrets } from "../state/lab";
import { openAccount } from "../state/openAccount";
import { limitMs, type Misbehaviour } from "./misbehaviours";
import type { Cell, Route } from "./routes";

/** What all cells share: the server, a session, and things to work on. */
export interface Grounds {
  readonly baseUrl: string;
  readonly direct: Cell["direct"];
  readonly session: string;
  readonly folder: string;
  /** Makes a webhook. */
  readonly webhook: () => Promise<string>;
  /** The id of a failed delivery that was not handed out before. */
  readonly failedDelivery: () => string;
}

/** One cell of the matrix. */
export interface Outcome {
  readonly route: string;
  readonly misbehaviour: string;
  readonly told: string;
  readonly requests: string;
  readonly state: string;
}

/** The pauses before a second and a third try are half a second and one, and a quarter more at most. */
const pausesMs = 1_875;
/** What a busy machine adds, on which all cells run at once. A run by the product's own limit would not fit in. */
const busyMs = 20_000;

/** How long a call may take that was sent so often: each time to its limit, and the pauses between. */
function longest(sent: number, limit: number, { begins }: Misbehaviour): number {
  return sent * (begins === true ? 10 * limit : limit) + pausesMs + busyMs;
}

/** How soon a cancel ends a call, in milliseconds; it is a few in fact. */
const atOnceMs = 2_000;

/** Four lanes: cells that all began at once would hold each other up beyond their short limits. */
const lanes: Promise<unknown>[] = Array.from({ length: 4 }, () => Promise.resolve());

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const [lane = Promise.resolve()] = lanes.splice(0, 1);
  const done = lane.then(work);
  lanes.push(done.catch(() => undefined));
  return done;
}

/** A text that is the same in each run: no ports, no ids, and the product's own limits in place of the run's. */
function steady(text: string, limit: number): string {
  const seconds = (ms: number): string => `${ms / 1_000} s`;
  return text
    .replace(/127\.0\.0\.1:\d+/g, "pacspace")
    .replaceAll(seconds(10 * limit), seconds(300_000))
    .replaceAll(seconds(limit), seconds(30_000))
    .replaceAll(seconds(2 * limit), seconds(60_000))
    .replace(/webhook_[0-9a-f]+/g, "webhook_…")
    .replace(/https:\/\/example\.com\/\S+?,/g, "the URL,")
    .replace(/ \((?:ECONNRESET|UND_ERR_SOCKET|EPIPE)\)/g, "");
}

/** Which rows the views have, in their order. */
function rowsOf({ webhooks, deliveries }: Account): {
  readonly webhooks: readonly string[];
  readonly deliveries: readonly string[];
} {
  return {
    webhooks: webhooks.snapshot.webhooks.map(({ id }) => id),
    deliveries: deliveries.snapshot.rows.map(deliveryKey),
  };
}

/** What a person reads may be any sentence but these. */
function expectGoodWords(told: string): void {
  expect(told).toMatch(/^[A-Z0-9].*\.$/su);
  expect(told.length).toBeLessThan(600);
  expect(told).not.toMatch(/undefined|\[object|NaN|whsec_[0-9a-f]|session=|local-pacspace|Error:|\n/);
}

/**
 * Lets one route meet one misbehaviour, and checks what must hold in every cell: the wait ends, nothing is repeated that
 * must not be, rows stay, and no row says what the server doesn't, unless the person is told so.
 * @param cancel ends the call by its signal once the request is on its way
 */
export async function meet(
  grounds: Grounds,
  route: Route,
  misbehaviour: Misbehaviour,
  cancel = false,
): Promise<Outcome> {
  const proxy = await MisbehavingProxy.start(grounds.baseUrl);
  const secrets = new MemorySecrets();
  secrets.entries.set("session:Local PacSpace", grounds.session);
  const limit = misbehaviour.limitMs ?? limitMs;
  const name = `${route.name} ${misbehaviour.name} ${cancel}`.replace(/\W+/g, "-");
  const notes = path.join(grounds.folder, `${name}.creates`);
  const account = openAccount(proxy.baseUrl, secrets, notes, limit);
  const controller = new AbortController();
  try {
    const webhookId = await grounds.webhook();
    account.deliveries.setFilter({ status: "failed" });
    await inTurn(async () => {
      await account.call(() => account.webhooks.load());
      await account.call(() => account.deliveries.load());
    });
    const cell: Cell = {
      account,
      direct: grounds.direct,
      directUrl: grounds.baseUrl,
      session: (await account.api()).exportSession(),
      webhookId,
      deliveryId: route.retries === true ? grounds.failedDelivery() : "",
      url: `https://example.com/${name}`,
      file: path.join(grounds.folder, `${name}.csv`),
      signal: cancel ? controller.signal : undefined,
    };
    const before = rowsOf(account);
    expect(Math.min(before.webhooks.length, before.deliveries.length)).toBeGreaterThan(10);
    proxy.reset();
    proxy.always(route.matches, misbehaviour.behaviour);

    let cancelledAt = Number.POSITIVE_INFINITY;
    proxy.onStage = (stage, request) => {
      if (!cancel || stage !== "sent" || !route.matches(request)) return;
      setTimeout(() => {
        cancelledAt = performance.now();
        if (route.cancel === undefined) controller.abort();
        else route.cancel(cell);
      }, 200);
    };
    const began = performance.now();
    const failure: unknown = await route.act(cell).then(
      (told) => told,
      (error: unknown) => error,
    );
    const ended = performance.now();
    if (cancel) {
      expect(ended - cancelledAt).toBeLessThan(atOnceMs);
      expect(failure).toMatchObject({ kind: "cancelled" });
    }
    if (failure instanceof Error && !isPacSpaceError(failure)) throw failure;
    const told = failure instanceof Error ? failure.message : typeof failure === "string" ? failure : "";
    if (told !== "") expectGoodWords(told);

    const sent = proxy.count(route.matches);
    const refused = misbehaviour.name.startsWith("429");
    expect(sent).toBeLessThanOrEqual(route.unsafe && !refused ? 1 : 3);
    expect(ended - began).toBeLessThan(longest(Math.max(sent, 1), limit, misbehaviour));
    // What follows an unsafe request only looks: nothing else that changes something is ever sent.
    const others = proxy.requests.filter((request) => !route.matches(request));
    expect(others.filter(({ method }) => method !== "GET")).toEqual([]);

    const kept = rowsOf(account);
    const own = (id: string): boolean => id !== cell.webhookId;
    // A webhook that was just made comes before the others.
    expect(kept.webhooks.filter(own).slice(-before.webhooks.filter(own).length)).toEqual(before.webhooks.filter(own));
    if (route.name !== "Create a webhook") expect(kept.webhooks.length).toBeLessThanOrEqual(before.webhooks.length);
    // Rows of another filter are none of the new one's.
    const { filter } = account.deliveries;
    expect(kept.deliveries).toEqual(filter.status === "failed" ? before.deliveries : []);
    if (cancel) await account.close();
    await expect.poll(() => proxy.running, { timeout: 20_000 }).toBe(0);
    proxy.reset();
    const state = cancel ? "" : await route.state(cell);
    if (state.endsWith("is as before")) expect(isPacSpaceError(failure)).toBe(true);
    if (mustLook(failure)) expect(told).toMatch(/refresh|sign in again/);
    // How many pages a look needs depends on how far back the thing lies.
    const looks = new Set(others.map((request) => request.path.split("?")[0])).size;
    return {
      route: route.name,
      misbehaviour: misbehaviour.name,
      told: told === "" ? "–" : steady(told, limit),
      requests: looks === 0 ? String(sent) : `${sent}, then a look`,
      state: state === "" ? "the rows stay" : state,
    };
  } finally {
    await account.close();
    await proxy.close();
    await rm(notes, { recursive: true, force: true });
  }
}
