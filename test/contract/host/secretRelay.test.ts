import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SecretRelay } from "../../../src/host/platform/secretRelay";
import { MemorySecrets } from "../state/lab";

let scope = "";
let folder = "";
const relays: SecretRelay[] = [];
beforeEach(() => {
  scope = randomUUID();
  const name = createHash("sha256").update(`${process.getuid?.()}|${scope}`).digest("hex").slice(0, 16);
  folder = path.join(tmpdir(), `pacspace-${name}`);
});
afterEach(async () => {
  for (const relay of relays.splice(0)) relay.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** A window with its own copy of the storage, as a browser gives it. */
function window(of = scope): { relay: SecretRelay; copy: MemorySecrets } {
  const copy = new MemorySecrets();
  const relay = new SecretRelay(copy, of);
  relays.push(relay);
  return { relay, copy };
}

async function listening(count: number): Promise<void> {
  await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(count), 10_000);
}

test("what one window stores and deletes the others have when that settles, and strangers don't", async () => {
  const [one, other, third, stranger] = [window(), window(), window(), window(randomUUID())];
  await listening(3);
  await one.relay.store("webhook:E:1", "secret ü");
  await other.relay.store("webhook:E:2", "");
  for (const { copy } of [one, other, third]) {
    expect(Object.fromEntries(copy.entries)).toEqual({ "webhook:E:1": "secret ü", "webhook:E:2": "" });
  }
  await third.relay.delete("webhook:E:1");
  expect(await one.relay.get("webhook:E:1")).toBeUndefined();
  expect(await other.relay.keys()).toEqual(["webhook:E:2"]);
  expect(stranger.copy.entries.size).toBe(0);
});

test("nobody else can reach the sockets", async () => {
  window();
  await listening(1);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test("a folder that others can reach is not used", async () => {
  await mkdir(folder);
  await chmod(folder, 0o755);
  const [one, other] = [window(), window()];
  await one.relay.store("key", "value");
  expect(one.copy.entries.get("key")).toBe("value");
  expect(other.copy.entries.size).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test("a window that is gone holds up nothing", async () => {
  const [one, other] = [window(), window()];
  await listening(2);
  other.relay.dispose();
  await one.relay.store("key", "value");
  expect(one.copy.entries.get("key")).toBe("value");
});
