import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { isPacSpaceError } from "../../../src/core/errors";
import { assertPrototypesClean, damaged, hostileText } from "../../fuzz/hostile";
import { mutated } from "../../fuzz/mutated";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";

const cookie = "s3cr3tCookieValue";
const password = "s3cr3tPassw0rd";
/** Controls and what turns text around; a message is one line that says what it seems to say. */
const unseen = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const random = new Random(fuzzSeed);
const answers = new Map<string, Answer>();
let server: Server;
let api: PacSpaceApi;

beforeAll(async () => {
  // A request says by its id which answer it gets: several are under way at a time.
  server = createServer((request, response) => {
    const [, round = ""] =
      /round-(\d+)/.exec(`${request.url ?? ""} ${request.headers["x-round"]?.toString() ?? ""}`) ?? [];
    request.resume();
    request.once("end", () => {
      const answer = answers.get(round) ?? next;
      const sent = request.headers.cookie?.replace("pacspace_session=", "") ?? "";
      const body = Buffer.from(answer.body.toString("latin1").replaceAll("COOKIE", sent), "latin1");
      response.writeHead(answer.status, answer.headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs: 20_000 });
});

afterAll(async () => {
  await api.close();
  server.closeAllConnections();
  server.close();
});

/** What a request without an id gets. */
let next: Answer = { status: 200, headers: {}, body: Buffer.alloc(0) };

const webhook = { id: "webhook_1", url: "https://example.com", description: "Billing", enabled: true };
const delivery = { id: "evt_1", event: "test", status: "failed", createdAt: "2026-04-10T12:00:00Z", attempts: 1 };
const bodies: readonly [unknown, ...unknown[]] = [
  {
    success: true,
    data: { ...webhook, secret: "whsec_0123456789abcdef", success: true, httpStatus: 200, message: "OK" },
  },
  { success: true, data: { webhooks: [webhook], pagination: { page: 1, limit: 100, total: 1, totalPages: 1 } } },
  { success: true, data: { deliveries: [delivery], pagination: { total: 1, limit: 50, offset: 0 } } },
  { statusCode: 200, data: [delivery] },
  { success: false, message: "No." },
  { statusCode: 400, error: "Bad Request", message: ["url must be a URL address", "no"] },
  { error: { code: "rate_limited", message: "Slow down.", retryAfterSeconds: 1 } },
];

/** An answer that a broken, hostile or foreign server might give. None that is repeated after a wait, for time's sake. */
function someAnswer(): Answer {
  // Half of them speak of one webhook, as most routes should.
  const whole = random.below(2) === 0 ? bodies[0] : random.pick(bodies);
  const value = random.below(3) === 0 ? whole : damaged(random, whole);
  const text = JSON.stringify(value);
  // What it was sent comes back in one of eight answers.
  const echo = random.below(8) === 0 ? JSON.stringify({ message: `You sent COOKIE and ${password}.` }) : text;
  const body = random.below(4) === 0 ? mutated(random, echo) : echo;
  const headers: Record<string, string> = {
    "content-type": random.pick([
      "application/json",
      "application/json",
      "application/json; charset=utf-8",
      "text/html",
      "text/csv",
      "",
    ]),
  };
  if (random.below(20) === 0) headers["content-encoding"] = random.pick(["gzip", "identity", "br", "x"]);
  if (random.below(20) === 0)
    headers["set-cookie"] = mutated(random, "pacspace_session=other; Path=/; HttpOnly").replaceAll(/[^\x20-\x7e]/g, "");
  if (random.below(20) === 0)
    headers.location = random.pick(["/login", "https://example.org/", "javascript:alert(1)", "//", "%"]);
  return {
    status: random.pick([200, 200, 200, 200, 201, 204, 301, 302, 400, 401, 402, 403, 404, 409, 410, 418, 422]),
    headers,
    body: Buffer.from(
      random.below(6) === 0 ? hostileText(random) + body : body,
      random.below(10) === 0 ? "latin1" : "utf8",
    ),
  };
}

/** Routes with an id, which the server knows the answer by. What changes something opens a connection of its own. */
const read = (id: string): Promise<unknown> => api.webhooks.get(id);
const changes: readonly [(id: string) => Promise<unknown>, ...((id: string) => Promise<unknown>)[]] = [
  (id) => api.webhooks.toggle(id),
  (id) => api.webhooks.test(id),
  (id) => api.webhooks.delete(id),
  (id) => api.webhooks.retryDelivery(id),
];
/** All other routes, one at a time. */
const lists: typeof changes = [
  () => api.webhooks.create({ url: "https://example.com/hook" }),
  async () => {
    for await (const page of api.webhooks.list({ pageSize: 1 })) if (page.webhooks.length > 0) return page;
    return undefined;
  },
  () => api.webhooks.deliveryPage({ limit: 50 }),
  async () => {
    for await (const page of api.webhooks.deliveries({ limit: 1 })) if (page.deliveries.length > 0) return page;
    return undefined;
  },
  () => api.auth.check(),
  // Only this call's server was told the password.
  () =>
    api.auth.login("a@example.com", password).catch((error: unknown) => {
      if (error instanceof Error && error.message.includes(password))
        throw new Error("The password is told", { cause: error });
      throw error;
    }),
  () => api.auth.verifyMfa("ticket-of-login", "123456"),
  async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await api.webhooks.exportDeliveries({})) chunks.push(chunk);
    return chunks;
  },
];

/** A result, or an error that says what happened in a sentence and gives nothing away. */
async function settled(
  round: number,
  call: () => Promise<unknown>,
  counts: { good: number; bad: number },
): Promise<void> {
  try {
    await call();
    counts.good++;
  } catch (error) {
    counts.bad++;
    if (!isPacSpaceError(error)) throw new Error(`round ${round}`, { cause: error });
    const { message } = error;
    const wrong = unseen.test(message) || message.length > 2_500 || message.includes(cookie);
    if (wrong || /whsec_\w/.test(message))
      throw new Error(`round ${round}: ${JSON.stringify(message)}`, { cause: error });
  }
}

test(
  "answers of any route, damaged: a result, or a sentence in one line that repeats no secret",
  async () => {
    const counts = { good: 0, bad: 0 };
    const atOnce = 8;
    for (let round = 0; round < fuzzRuns;) {
      // Cookies that an answer set, or took away, don't stay.
      api.importSession(undefined);
      api.auth.importCookieHeader(`pacspace_session=${cookie}`);
      answers.clear();
      const calls: Promise<void>[] = [];
      for (let call = 0; call < atOnce && round < fuzzRuns; call++, round++) {
        answers.set(String(round), someAnswer());
        const [id, route] = [`round-${round}`, random.below(12) === 0 ? random.pick(changes) : read];
        calls.push(settled(round, () => route(id), counts));
      }
      await Promise.all(calls);
      next = someAnswer();
      await settled(round, () => random.pick(lists)(""), counts);
    }
    expect(Math.min(counts.good, counts.bad)).toBeGreaterThan(fuzzRuns / 20);
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);
