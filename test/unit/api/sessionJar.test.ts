import { describe, expect, test, vi } from "vitest";
import { SessionJar } from "../../../src/api/sessionJar";
import { isErrorOfKind } from "../../../src/core/errors";

function jarFor(base: string) {
  const changed = vi.fn();
  return { jar: new SessionJar(new URL(base), changed), changed };
}

function line(domain: string, { subdomains = false, secure = false, expires = 0, name = "sid" } = {}): string {
  const fields = [domain, subdomains ? "TRUE" : "FALSE", "/", secure ? "TRUE" : "FALSE", String(expires), name, "v1"];
  return `#HttpOnly_${fields.join("\t")}\r\n`;
}

describe.each([
  "http://127.0.0.1:4010/",
  "http://localhost:4010/",
  "http://[::1]:4010/",
  "http://127.8.9.10/",
  "https://app.pacspace.io/",
  "https://pacspace/",
  "https://pacspace.internal:8443/base/",
])("cookies of %s", (base) => {
  const url = new URL(base);
  const host = url.hostname.replace(/^\[|\]$/g, "");

  test("come with an answer, Secure or not, and go back", () => {
    const { jar, changed } = jarFor(base);
    jar.store(["sid=1; Path=/; HttpOnly; Secure; SameSite=Strict", "b=2"], new URL("/dashboard/x", url), jar.epoch);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(jar.header(new URL("/dashboard/webhooks", url))?.split("; ").sort()).toEqual(["b=2", "sid=1"]);
    expect(jar.header(url)).toBe("sid=1");
  });

  test("come from a file, Secure or not, and go back", () => {
    const { jar, changed } = jarFor(base);
    jar.importFile(line(host) + line(host, { secure: true, name: "tls" }) + line("other.example", { name: "other" }));
    expect(changed).toHaveBeenCalledTimes(1);
    expect(jar.header()?.split("; ").sort()).toEqual(["sid=v1", "tls=v1"]);
    expect(jar.export()).not.toContain("other");
  });

  test("come from a pasted header, with prefixes that browsers guard", () => {
    const { jar } = jarFor(base);
    jar.importHeader("__Host-sid=1; __Secure-b=2; c=3");
    expect(jar.header()?.split("; ").sort()).toEqual(["__Host-sid=1", "__Secure-b=2", "c=3"]);
  });

  test("outlive being stored", () => {
    const { jar } = jarFor(base);
    jar.store(["sid=1; Max-Age=3600; Path=/", "b=2; Path=/"], url, jar.epoch);
    const stored = jar.export();
    const other = jarFor(base);
    expect(other.jar.import(stored)).toBe(true);
    expect(other.changed).not.toHaveBeenCalled();
    expect(other.jar.header()).toBe(jar.header());
    expect(other.jar.export()).toBe(stored);
  });
});

test("no cookie leaves its origin, not even to another port or scheme", () => {
  const { jar } = jarFor("https://app.pacspace.io/");
  jar.importHeader("sid=1");
  for (const url of [
    "http://app.pacspace.io/",
    "https://app.pacspace.io:8443/",
    "https://evil.example/",
    "https://x.app.pacspace.io/",
  ]) {
    expect(jar.header(new URL(url))).toBeUndefined();
  }
});

test("a cookie for all subdomains goes to the host below it; one for exactly another host doesn't", () => {
  const { jar } = jarFor("https://app.pacspace.io/");
  jar.importFile(line(".pacspace.io", { subdomains: true }) + line("pacspace.io", { name: "exact" }));
  expect(jar.header()).toBe("sid=v1");
});

test("an answer can't set a cookie for another host", () => {
  const { jar, changed } = jarFor("https://app.pacspace.io/");
  jar.store(["sid=1; Domain=evil.example", "=x", "", "b"], new URL("https://app.pacspace.io/"), jar.epoch);
  expect(changed).not.toHaveBeenCalled();
  expect(jar.export()).toBeUndefined();
});

describe("a file that holds nothing of use", () => {
  test.each([
    ["", "no cookie at all"],
    ["# Netscape HTTP Cookie File\n", "no cookie at all"],
    [line("example.com") + line("localhost"), "example.com, localhost"],
    [line("pacspace.io"), "pacspace.io"],
    [line("app.pacspace.io", { expires: 1_000_000_000 }), "expired"],
  ])("%j is refused, and the jar stays", (text, words) => {
    const { jar } = jarFor("https://app.pacspace.io/");
    jar.importHeader("old=1");
    let message = "";
    try {
      jar.importFile(text);
    } catch (error) {
      if (isErrorOfKind(error, "invalid")) message = error.message;
    }
    expect(message).toContain(words);
    expect(jar.header()).toBe("old=1");
  });
});

test("an import replaces all cookies", () => {
  const { jar } = jarFor("https://app.pacspace.io/");
  jar.importHeader("a=1; b=2");
  jar.importFile(line("app.pacspace.io"));
  expect(jar.header()).toBe("sid=v1");
});

test("an answer to a request from before the jar was replaced changes nothing", () => {
  const { jar, changed } = jarFor("https://app.pacspace.io/");
  const url = new URL("https://app.pacspace.io/");
  jar.importHeader("sid=old");
  const { epoch } = jar;
  jar.import(undefined);
  changed.mockClear();
  jar.store(["sid=revived; Path=/"], url, epoch);
  expect(changed).not.toHaveBeenCalled();
  expect(jar.export()).toBeUndefined();
});

test("Max-Age ends by the clock, not by the last use", () => {
  vi.useFakeTimers();
  try {
    const { jar } = jarFor("https://app.pacspace.io/");
    const url = new URL("https://app.pacspace.io/");
    jar.store(["sid=1; Max-Age=60; Path=/"], url, jar.epoch);
    for (const [seconds, header] of [
      [0, "sid=1"],
      [50, "sid=1"],
      [20, undefined],
    ] as const) {
      vi.advanceTimersByTime(seconds * 1000);
      expect(jar.header()).toBe(header);
    }
    expect(jar.export()).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test("an answer can end a cookie, and set one that never ends", () => {
  const { jar, changed } = jarFor("https://app.pacspace.io/");
  const url = new URL("https://app.pacspace.io/");
  jar.store(["sid=1; Path=/"], url, jar.epoch);
  jar.store(["sid=gone; Path=/; Max-Age=0"], url, jar.epoch);
  expect(jar.export()).toBeUndefined();
  jar.store(["sid=1; Path=/"], url, jar.epoch);
  jar.store(["sid=gone; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], url, jar.epoch);
  expect(jar.export()).toBeUndefined();
  jar.store(
    ["sid=3; Path=/; Max-Age=99999999999999", "far=1; Path=/; Expires=Fri, 31 Dec 9999 23:59:59 GMT"],
    url,
    jar.epoch,
  );
  expect(jar.header()?.split("; ").sort()).toEqual(["far=1", "sid=3"]);
  expect(changed).toHaveBeenCalledTimes(5);
});

test("using or repeating the same cookie is no change", () => {
  const { jar, changed } = jarFor("https://app.pacspace.io/");
  const url = new URL("https://app.pacspace.io/");
  jar.store(["sid=1; Path=/"], url, jar.epoch);
  const stored = jar.export();
  jar.header();
  jar.store(["sid=1; Path=/"], url, jar.epoch);
  expect(changed).toHaveBeenCalledTimes(1);
  expect(jar.export()).toBe(stored);
});

test.each(["", "{", "null", "[]", '{"cookies":1}', '{"cookies":[1,null]}', '{"cookies":[{"key":1}]}'])(
  "stored text %j counts as no session",
  (text) => {
    const { jar } = jarFor("https://app.pacspace.io/");
    jar.importHeader("sid=1");
    jar.import(text);
    expect(jar.header()).toBeUndefined();
    expect(jar.export()).toBeUndefined();
  },
);
