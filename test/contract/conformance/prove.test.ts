import { createHmac } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { proofCases } from "../../../src/conformance/cases/all";
import { proveHandler, type CaseResult, type ProofOptions } from "../../../src/conformance/prove";

const secret = "whsec_7788a15b1f0f6a2c9d4e";
const servers = new Set<http.Server>();

afterEach(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  servers.clear();
});

async function serve(listener: http.RequestListener): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer(listener);
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

async function run(
  url: string,
  ids: readonly string[],
  more: Partial<ProofOptions> = {},
): Promise<readonly CaseResult[]> {
  const cases = proofCases.filter(({ id }) => ids.includes(id));
  const results: CaseResult[] = [];
  for await (const result of proveHandler({ url, secret, cases, ...more })) results.push(result);
  return results;
}

/** Answers after the body was read. */
function answering(status: number, body = ""): http.RequestListener {
  return (request, response) => void buffer(request).then(() => response.writeHead(status).end(body));
}

describe("what is sent", () => {
  test("is a delivery as PacSpace makes it: four headers in their own case, the MAC over the very bytes", async () => {
    const got: { raw: readonly string[]; body: Buffer }[] = [];
    const { url } = await serve((request, response) => {
      void buffer(request).then((body) => {
        got.push({ raw: request.rawHeaders, body });
        response.end();
      });
    });
    await run(url, ["valid-event"]);
    const [{ raw, body } = { raw: [], body: Buffer.alloc(0) }] = got;
    const header = (name: string) => raw[raw.indexOf(name) + 1] ?? "";
    const timestamp = header("X-PacSpace-Timestamp");
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    const hmac = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
    expect(header("X-PacSpace-Signature")).toBe(`v1=${hmac}`);
    expect(header("X-Webhook-Event")).toBe("delta.verified");
    expect(header("X-Event-ID")).toMatch(/^evt_proof_[0-9a-f]{16}$/);
    expect(header("Content-Type")).toBe("application/json");
    expect(header("Content-Length")).toBe(String(body.length));
    expect(header("Host")).toBe(new URL(url).host);
    expect(raw.filter((_, at) => at % 2 === 0)).toHaveLength(new Set(raw.filter((_, at) => at % 2 === 0)).size);
    expect(JSON.parse(body.toString())).toMatchObject({ event: "delta.verified" });
  });
});

describe("a run", () => {
  test("fails at once where nothing listens, and says so", async () => {
    const { server, url } = await serve(answering(200));
    await new Promise((resolve) => server.close(resolve));
    await expect(run(url, ["valid-event", "in-time"])).rejects.toMatchObject({
      kind: "network",
      code: "ECONNREFUSED",
      message: expect.stringContaining("Start the handler first"),
    });
  });

  test.each(["", "localhost:3000", "/hook", "ftp://localhost/", "http://user:word@localhost/", "http://"])(
    "refuses the URL “%s”",
    async (url) => {
      await expect(run(url, ["valid-event"])).rejects.toMatchObject({ kind: "invalid" });
    },
  );

  test("refuses an empty secret", async () => {
    await expect(run("http://127.0.0.1:1/", ["valid-event"], { secret: "" })).rejects.toMatchObject({
      kind: "invalid",
    });
  });

  test("yields each result as it is known", async () => {
    let requests = 0;
    const { url } = await serve((request, response) => {
      requests += 1;
      answering(200)(request, response);
    });
    const results = proveHandler({ url, secret, cases: proofCases });
    expect((await results.next()).value).toMatchObject({ id: "valid-event", outcome: "passed" });
    expect(requests).toBe(1);
    await results.return();
    expect(requests).toBe(1);
  });

  test("can be cancelled while a handler keeps it waiting", async () => {
    const controller = new AbortController();
    const { url } = await serve(() => {
      controller.abort();
    });
    const cancelled = run(url, ["valid-event"], { signal: controller.signal, timeoutMs: 0 });
    await expect(cancelled).rejects.toMatchObject({ kind: "cancelled" });
  });

  test("names the case that a handler died of, even when it dies a little later", async () => {
    const { server, url } = await serve((request, response) => {
      answering(request.headers["x-pacspace-timestamp"] === undefined ? 401 : 200)(request, response);
      if (request.headers["x-pacspace-timestamp"] !== undefined) return;
      response.on("close", () => {
        server.closeAllConnections();
        server.close();
      });
    });
    const results = await run(url, [
      "valid-event",
      "missing-timestamp",
      "non-ascii-body",
      "unknown-event",
      "still-alive",
    ]);
    const dead = results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
    expect(dead.at(-1)).toBe("still-alive");
    expect(results.at(-1)?.did).toContain("it died after “A request without a timestamp is refused”");
    expect(results.find(({ id }) => id === "unknown-event")?.outcome).toBe("notRun");
  });

  test("goes on after a connection that was cut, when the handler lives", async () => {
    const { url } = await serve((request, response) => {
      if (request.headers["x-pacspace-timestamp"] === undefined) request.socket.destroy();
      else answering(200)(request, response);
    });
    const results = await run(url, ["missing-timestamp", "still-alive"]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["failed", "passed"]);
    expect(results[0]?.did).toContain("closed the connection without an answer (ECONNRESET)");
  });

  test("shows the start of an answer on one line, without control characters and without the secret", async () => {
    const { url } = await serve(answering(500, `no\u001b[31m\r\nway ${secret} ${"x".repeat(100_000)}`));
    const [result] = await run(url, ["valid-event"]);
    expect(result?.did).toMatch(/answered 500 \(“no \[31m way … x+”\)/);
    expect(result?.did.length).toBeLessThan(250);
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  test("reads no endless answer, and waits for none that doesn't come", async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200);
      const drip = () => {
        while (!response.destroyed && response.write("x".repeat(10_000)));
      };
      response.on("drain", drip);
      drip();
    });
    expect((await run(url, ["valid-event"]))[0]?.outcome).toBe("passed");
    const silent = await serve((_request, response) => response.writeHead(200).write("x"));
    const [late] = await run(silent.url, ["valid-event"], { timeoutMs: 300 });
    expect(late).toMatchObject({ outcome: "failed", did: expect.stringMatching(/gave no answer within \d+ ms/) });
    expect(late?.durationMs).toBeGreaterThanOrEqual(290);
  });

  test.each([
    [404, "Check the URL's path"],
    [308, "redirects"],
    [401, "this very secret"],
    [500, "exception in the handler's log"],
  ])("says what an answer of %d to a good delivery may mean", async (status, words) => {
    const { url } = await serve(answering(status));
    expect((await run(url, ["valid-event"]))[0]?.fix).toContain(words);
  });
});

describe("the check URL", () => {
  async function told(onCheck: (deliveries: number, looks: number) => { status?: number; body: string }) {
    let deliveries = 0;
    let looks = 0;
    const handler = await serve((request, response) => {
      deliveries += 1;
      answering(200)(request, response);
    });
    const check = await serve((_request, response) => {
      const { status = 200, body } = onCheck(deliveries, (looks += 1));
      response.writeHead(status).end(body);
    });
    const [result] = await run(handler.url, ["same-event-twice"], { checkUrl: check.url });
    expect(result?.outcome).toBe("told");
    return result?.did ?? "";
  }

  test("tells whether a handler looks idempotent", async () => {
    expect(await told((deliveries) => ({ body: String(Math.min(1, deliveries)) }))).toContain("It looks idempotent");
    expect(await told((deliveries) => ({ body: String(deliveries) }))).toContain("It does not look idempotent");
  });

  test("is not trusted when it can't tell", async () => {
    expect(await told(() => ({ body: "always" }))).toContain("can't tell");
    expect(await told(() => ({ status: 500, body: "" }))).toContain("did not answer 2xx");
  });

  test("may be down: that says nothing of the handler", async () => {
    const { server, url: checkUrl } = await serve(answering(200));
    await new Promise((resolve) => server.close(resolve));
    const handler = await serve(answering(200));
    const [result] = await run(handler.url, ["same-event-twice"], { checkUrl });
    expect(result).toMatchObject({ outcome: "told", did: expect.stringContaining("did not answer 2xx") });
  });
});
