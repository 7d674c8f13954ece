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

/** A server, its client, and chance of their own: one call at a time, so that its answers are the same in each run. */
interface Lane {
  readonly random: Random;
  readonly server: Server;
  readonly api: PacSpaceApi;
  answer: Answer;
}

const lanes: Lane[] = [];

async function openLane(number: number): Promise<Lane> {
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => {
      const { status, headers, body } = lane.answer;
      const sent = request.headers.cookie?.replace("pacspace_session=", "") ?? "";
      response
        .writeHead(status, headers)
        .end(Buffer.from(body.toString("latin1").replaceAll("COOKIE", sent), "latin1"));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lane: Lane = {
    random: new Random(fuzzSeed + number),
    server,
    api: createClient({ baseUrl, timeoutMs: 20_000 }),
    answer: { status: 200, headers: {}, body: Buffer.alloc(0) },
  };
  return lane;
}

beforeAll(async () => {
  for (let number = 0; number < 24; number++) lanes.push(await openLane(number));
});

afterAll(async () => {
  for (const { api, server } of lanes) {
    await api.close();
    server.closeAllConnections();
    server.close();
  }
});

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

const statuses = [200, 200, 200, 200, 201, 204, 301, 302, 400, 401, 402, 403, 404, 409, 410, 418, 422] as const;
/** After these a call may be repeated. */
const passing = [408, 429, 429, 500, 502, 503, 504] as const;

/** An answer that a broken, hostile or foreign server might give. */
function someAnswer(random: Random): Answer {
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
  const repeatable = random.below(5) === 0;
  // None asks for a wait that is kept, for time's sake: it is over, or too long for anybody.
  if (repeatable) headers["retry-after"] = random.pick(["0", "0.000", "Thu, 01 Jan 1970 00:00:00 GMT", "3600"]);
  return {
    status: random.pick(repeatable ? passing : statuses),
    headers,
    body: Buffer.from(
      random.below(6) === 0 ? hostileText(random) + body : body,
      random.below(10) === 0 ? "latin1" : "utf8",
    ),
  };
}

const id = "webhook_1";
/** Every call that the client has; each comes as often as any other. */
const calls: Readonly<Record<string, (api: PacSpaceApi) => Promise<unknown>>> = {
  get: (api) => api.webhooks.get(id),
  create: (api) => api.webhooks.create({ url: "https://example.com/hook" }),
  toggle: (api) => api.webhooks.toggle(id),
  test: (api) => api.webhooks.test(id),
  delete: (api) => api.webhooks.delete(id),
  retryDelivery: (api) => api.webhooks.retryDelivery(id),
  list: async (api) => {
    for await (const page of api.webhooks.list({ pageSize: 1 })) if (page.webhooks.length > 0) return page;
    return undefined;
  },
  deliveryPage: (api) => api.webhooks.deliveryPage({ limit: 50 }),
  deliveries: async (api) => {
    for await (const page of api.webhooks.deliveries({ limit: 1 })) if (page.deliveries.length > 0) return page;
    return undefined;
  },
  exportDeliveries: async (api) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await api.webhooks.exportDeliveries({})) chunks.push(chunk);
    return chunks;
  },
  check: (api) => api.auth.check(),
  // Only this call's server was told the password.
  login: (api) =>
    api.auth.login("a@example.com", password).catch((error: unknown) => {
      if (error instanceof Error && error.message.includes(password))
        throw new Error("The password is told", { cause: error });
      throw error;
    }),
  verifyMfa: (api) => api.auth.verifyMfa("ticket-of-login", "123456"),
};
const names = Object.keys(calls) as [string, ...string[]];

interface Counts {
  good: number;
  bad: number;
}

/** A result, or an error that says what happened in a sentence and gives nothing away. */
async function settled(what: string, call: () => Promise<unknown>, counts: Counts): Promise<void> {
  try {
    await call();
    counts.good++;
  } catch (error) {
    counts.bad++;
    if (!isPacSpaceError(error)) throw new Error(what, { cause: error });
    const { message } = error;
    const wrong = unseen.test(message) || message.length > 2_500 || message.includes(cookie);
    if (wrong || /whsec_\w/.test(message)) throw new Error(`${what}: ${JSON.stringify(message)}`, { cause: error });
  }
}

test(
  "answers of any route, damaged: a result, or a sentence in one line that repeats no secret",
  async () => {
    const counts = new Map(names.map((name) => [name, { good: 0, bad: 0 }]));
    const perLane = Math.ceil(fuzzRuns / lanes.length);
    await Promise.all(
      lanes.map(async (lane, number) => {
        const { api, random } = lane;
        for (let round = 0; round < perLane; round++) {
          // Cookies that an answer set, or took away, don't stay.
          api.importSession(undefined);
          api.auth.importCookieHeader(`pacspace_session=${cookie}`);
          lane.answer = someAnswer(random);
          const name = random.pick(names);
          await settled(`lane ${number}, round ${round}, ${name}`, () => calls[name]!(api), counts.get(name)!);
        }
      }),
    );
    for (const [name, { good, bad }] of counts) {
      expect(good + bad, name).toBeGreaterThan(fuzzRuns / names.length / 2);
      // A session cookie that a sign-in takes is rare among damaged ones.
      expect(Math.min(good, bad), `${name}: ${good} good, ${bad} bad`).toBeGreaterThan(0);
    }
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);
