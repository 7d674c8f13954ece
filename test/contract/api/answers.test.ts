import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { json, startServer, type TestServer } from "./server";

let server: TestServer;
let other: TestServer;
let api: PacSpaceApi;

beforeEach(async () => {
  server = await startServer((_request, response) => json(response, {}, 500));
  other = await startServer((_request, response) => json(response, { success: true, data: {} }));
  api = createClient({ baseUrl: server.url, timeoutMs: 20_000 });
  api.auth.importCookieHeader("session=very-secret-value");
});

afterEach(async () => {
  await api.close();
  await server.close();
  await other.close();
});

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])(
    "%i to another origin is an error that names it, and nothing goes there",
    async (code) => {
      server.handler = (_request, response) => void response.writeHead(code, { location: `${other.url}/x?y=1` }).end();
      for (const call of [() => api.webhooks.get("webhook_1"), () => api.webhooks.delete("webhook_1")]) {
        const error = await call().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ kind: "malformedResponse", status: code });
        expect(String(error)).toContain(`${other.url} `);
      }
      expect(server.seen).toHaveLength(2);
      expect(other.seen).toHaveLength(0);
    },
  );

  test("to a sign-in page, here or elsewhere, means that the session is gone", async () => {
    for (const location of ["/login?next=x", `${other.url}/auth/sign-in`]) {
      server.handler = (_request, response) => void response.writeHead(302, { location }).end();
      await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "auth", uncertain: false });
      await expect(api.webhooks.exportDeliveries({})).rejects.toMatchObject({ kind: "auth" });
    }
    expect(other.seen).toHaveLength(0);
  });
});

describe("a page in place of an answer", () => {
  const page = (html: string, type = "text/html; charset=utf-8") => {
    server.handler = (_request, response) => void response.writeHead(200, { "content-type": type }).end(html);
  };

  test("is malformed, in an export too, whatever its type says", async () => {
    page("<!DOCTYPE html><title>Welcome to the hotel</title>");
    await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "malformedResponse" });
    await expect(api.webhooks.exportDeliveries({})).rejects.toMatchObject({ kind: "malformedResponse" });
    page("  <html></html>", "application/json");
    await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "malformedResponse" });
  });

  test("that asks for a password means that the session is gone", async () => {
    page('<form><input name="p" type="password"></form>');
    await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "auth" });
    await expect(api.webhooks.exportDeliveries({})).rejects.toMatchObject({ kind: "auth" });
  });
});

describe("signing in", () => {
  const signIns = [() => api.auth.login("a@example.com", "password-1"), () => api.auth.verifyMfa("ticket-1", "123456")];

  test("by an address that redirects says where to, and what to check", async () => {
    for (const [location, where] of [
      ["/login?next=password-1", "/login "],
      ["https://sso.example.com/saml", "https://sso.example.com "],
    ] as const) {
      server.handler = (_request, response) => void response.writeHead(302, { location }).end();
      for (const signIn of signIns) {
        const error = await signIn().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ kind: "malformedResponse", status: 302 });
        expect(String(error)).toContain(where);
        expect(String(error)).toContain("check the address of the environment");
        expect(String(error)).not.toMatch(/expired|password-1/);
      }
    }
  });

  test("at a web page says that it is one", async () => {
    server.handler = (_request, response) =>
      void response.writeHead(200, { "content-type": "text/html" }).end('<title>Log in</title><input type="password">');
    for (const signIn of signIns) await expect(signIn()).rejects.toThrow(/is a web page, not PacSpace's API/);
  });
});

test("a session echoed in an error, and a secret, stay out of the message", async () => {
  server.handler = ({ headers }, response) =>
    json(response, { statusCode: 400, message: `bad cookie ${headers.cookie ?? ""}, whsec_abc\u0007\u001b[31m` }, 400);
  const error = await api.webhooks.get("webhook_1").catch((thrown: unknown) => thrown);
  expect(String(error)).toContain("bad cookie session=…, whsec_… [31m");
  expect(String(error)).not.toContain("very-secret-value");
});

test("an export that is answered by an error is that error; JSON is no file", async () => {
  server.handler = (_request, response) => json(response, { statusCode: 403, message: "No." }, 403);
  await expect(api.webhooks.exportDeliveries({})).rejects.toMatchObject({ kind: "forbidden", status: 403 });
  server.handler = (_request, response) => json(response, { success: true, data: [] });
  await expect(api.webhooks.exportDeliveries({})).rejects.toMatchObject({ kind: "malformedResponse" });
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
])("an answer packed by %s without being asked is refused, not unpacked", async (encoding, pack) => {
  const body = pack(Buffer.alloc(10_000_000));
  server.handler = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding });
    response.end(body);
  };
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "malformedResponse" });
  await expect(api.webhooks.exportDeliveries({})).rejects.toMatchObject({ kind: "malformedResponse" });
  expect(server.seen.every(({ headers }) => headers["accept-encoding"] === "identity")).toBe(true);
});

test("a body above 64 MiB is refused; so is an error's above 1 MiB, by its status alone", async () => {
  let closed = 0;
  let status = 200;
  server.handler = (_request, response, socket) => {
    socket.on("close", () => closed++);
    response.writeHead(status, { "content-type": "application/json" });
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "malformedResponse" });
  status = 400;
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "invalid", status: 400 });
  await expect.poll(() => closed, { timeout: 20_000 }).toBe(2);
});

test("a body that trickles without end is given up after ten times the limit", async () => {
  const impatient = createClient({ baseUrl: server.url, timeoutMs: 200 });
  server.handler = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(timer));
  };
  const started = performance.now();
  await expect(impatient.webhooks.delete("webhook_1")).rejects.toMatchObject({ kind: "timeout", uncertain: true });
  expect(performance.now() - started).toBeGreaterThan(1_900);
  await impatient.close();
});

describe("an export", () => {
  test("may take far longer than the limit as long as it flows", async () => {
    const impatient = createClient({ baseUrl: server.url, timeoutMs: 700 });
    server.handler = (_request, response) => {
      response.writeHead(200, { "content-type": "text/csv" });
      let left = 12;
      const timer = setInterval(() => {
        response.write("row\n");
        if (--left === 0) response.end();
      }, 200);
      response.on("close", () => clearInterval(timer));
    };
    let bytes = 0;
    for await (const chunk of await impatient.webhooks.exportDeliveries({})) bytes += chunk.length;
    expect(bytes).toBe(48);
    await impatient.close();
  });

  test("that stalls ends as a timeout, after twice the limit", async () => {
    const impatient = createClient({ baseUrl: server.url, timeoutMs: 300 });
    server.handler = (_request, response) => {
      response.writeHead(200, { "content-type": "text/csv" });
      response.write("row\n");
    };
    const rows = (await impatient.webhooks.exportDeliveries({}))[Symbol.asyncIterator]();
    expect((await rows.next()).value).toHaveLength(4);
    const error = await rows.next().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "timeout", uncertain: false });
    expect(String(error)).toContain("0.6 s");
    expect(server.seen).toHaveLength(1);
    await impatient.close();
  });

  test("is not given up while its reader takes its time", async () => {
    const impatient = createClient({ baseUrl: server.url, timeoutMs: 200 });
    const size = 3_000_000;
    server.handler = (_request, response) => {
      response.writeHead(200, { "content-type": "text/csv", "content-length": String(size) });
      response.end(Buffer.alloc(size, 0x61));
    };
    let bytes = 0;
    for await (const chunk of await impatient.webhooks.exportDeliveries({})) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 1_500));
      bytes += chunk.length;
    }
    expect(bytes).toBe(size);
    await impatient.close();
  });

  test.each<[string, Record<string, string>]>([
    ["a length", { "content-length": "1000" }],
    ["chunks", { "transfer-encoding": "chunked" }],
  ])("cut short, sent with %s, is an error after what came, and isn't repeated", async (_name, headers) => {
    server.handler = (_request, response, socket) => {
      response.writeHead(200, { "content-type": "text/csv", ...headers });
      response.write("row\n", () => setTimeout(() => socket.destroy(), 20));
    };
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of await api.webhooks.exportDeliveries({})) read.push(Buffer.from(chunk).toString());
    })();
    await expect(reading).rejects.toMatchObject({ kind: "network", uncertain: false });
    expect(read.join("")).toBe("row\n");
    expect(server.seen).toHaveLength(1);
  });

  test("holds the sender back while nobody reads", async () => {
    let written = 0;
    server.handler = (_request, response) => {
      response.writeHead(200, { "content-type": "text/csv" });
      const chunk = Buffer.alloc(64 * 1024, 0x61);
      const more = (): void => {
        while (written < 100_000_000 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    };
    const rows = (await api.webhooks.exportDeliveries({}))[Symbol.asyncIterator]();
    await rows.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    // What the system's socket buffers take, and a little of ours.
    expect(written).toBeLessThan(20_000_000);
    await rows.return?.();
  });
});
