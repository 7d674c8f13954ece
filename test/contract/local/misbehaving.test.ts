import { afterEach, beforeEach, expect, test } from "vitest";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { MisbehavingProxy, to } from "../../misbehave/proxy";
import { send, signIn, type Answer, type Client } from "./support";

/** The wrapper itself: a test that relies on it must be able to rely on what it did to the server behind. */

let local: LocalPacSpace;
let proxy: MisbehavingProxy;
let client: Client;
let direct: Client;

beforeEach(async () => {
  local = await startLocalPacSpace({ seed: "demo" });
  proxy = await MisbehavingProxy.start(local.baseUrl);
  client = await signIn(proxy.baseUrl);
  direct = await signIn(local.baseUrl);
  proxy.reset();
});

afterEach(async () => {
  await proxy.close();
  await local.close();
});

const create = to("POST", "/dashboard/webhooks");
const body = { url: "https://example.com/new" };
const total = async () => (await direct.call("GET", "")).json.data.pagination.total as number;

/** What became of a call: its answer's status, or the code of its error. */
const outcome = (call: Promise<Answer>) =>
  call.then(
    ({ status }) => status,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );

test("passes on what it isn't told to spoil, byte by byte, and keeps what it saw", async () => {
  const through = await client.call("GET", "/deliveries?limit=3");
  const straight = await direct.call("GET", "/deliveries?limit=3");
  expect(through.text).toBe(straight.text);
  expect(through.headers.server).toBe("Local-PacSpace/1");
  expect((await client.call("POST", "", { body })).status).toBe(201);
  expect(proxy.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /dashboard/webhooks/deliveries?limit=3",
    "POST /dashboard/webhooks",
  ]);
  expect(proxy.requests[1]).toMatchObject({ body: JSON.stringify(body), headers: { "x-pacspace-csrf": "1" } });
  expect(proxy.count(create)).toBe(1);
});

test("a connection reset before or after the effect looks alike to the client, and not to the server", async () => {
  const before = await total();
  proxy.next(create, { kind: "resetBefore" });
  expect(await outcome(client.call("POST", "", { body }))).toBe("ECONNRESET");
  expect(await total()).toBe(before);
  proxy.next(create, { kind: "resetAfter" });
  expect(await outcome(client.call("POST", "", { body }))).toBe("ECONNRESET");
  expect(await total()).toBe(before + 1);
  expect(await outcome(client.call("POST", "", { body }))).toBe(201);
});

test("an answer of its own keeps the request from the server; one after the effect doesn't", async () => {
  const before = await total();
  proxy.next(create, { kind: "answer", status: 429, headers: { "retry-after": "7" }, body: "{}" });
  const refused = await client.call("POST", "", { body });
  expect([refused.status, refused.headers["retry-after"], refused.text]).toEqual([429, "7", "{}"]);
  expect(await total()).toBe(before);
  proxy.next(create, { kind: "answerAfter", status: 502, body: "<html></html>" });
  expect(await outcome(client.call("POST", "", { body }))).toBe(502);
  expect(await total()).toBe(before + 1);
});

test("cuts an answer: as JSON that is half, or as a connection that ends in the middle of the export", async () => {
  proxy.next(to("GET", "/webhooks"), { kind: "cutJson" });
  const whole = (await direct.call("GET", "")).text;
  const half = await send(proxy.baseUrl, "GET", "/dashboard/webhooks", { headers: { cookie: client.cookie } }).catch(
    (error: unknown) => error,
  );
  expect(half).toBeInstanceOf(SyntaxError);
  expect(whole.length).toBeGreaterThan(100);
  proxy.next(to("GET", "/export"), { kind: "cut", bytes: 1_000 });
  expect(await outcome(client.call("GET", "/deliveries/export"))).toBe("ECONNRESET");
});

test("is late or silent when told, always or once, until it is reset", async () => {
  proxy.next(to("GET", "/webhooks"), { kind: "latency", ms: 300 });
  const begun = performance.now();
  expect(await outcome(client.call("GET", ""))).toBe(200);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(290);
  proxy.always(create, { kind: "silence" });
  const before = await total();
  const silent = client.call("POST", "", { body }).catch(() => "nothing");
  expect(await Promise.race([silent, new Promise((resolve) => setTimeout(() => resolve("waiting"), 300))])).toBe(
    "waiting",
  );
  expect(await total()).toBe(before);
  proxy.reset();
  expect(proxy.requests).toEqual([]);
  expect(await outcome(client.call("POST", "", { body }))).toBe(201);
});

test("when the server behind is gone, so is the connection", async () => {
  await local.close();
  expect(await outcome(client.call("GET", ""))).toBe("ECONNRESET");
});
