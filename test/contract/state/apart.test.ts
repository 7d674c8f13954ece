import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import { environmentOf, type Environment } from "../../../src/core/model/environment";
import { demoAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { Account } from "../../../src/state/account";
import { RetryJournals } from "../../../src/state/retryJournal";
import { temporaryDirectory } from "../local/support";
import { MemorySecrets } from "./lab";

let one: LocalPacSpace;
let other: LocalPacSpace;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
const accounts: Account[] = [];

beforeAll(async () => {
  [one, other, folder] = await Promise.all([startLocalPacSpace(), startLocalPacSpace(), temporaryDirectory()]);
});
afterAll(async () => {
  for (const account of accounts) await account.close();
  await Promise.all([one.close(), other.close(), folder.remove()]);
});

function open(environment: Environment, secrets: MemorySecrets): Account {
  const account = new Account({
    ...{ environment, secrets, pageSize: () => 50, notesFolder: folder.path },
    connect: (options) => Promise.resolve(createClient(options)),
  });
  accounts.push(account);
  return account;
}

test("two environments keep sessions, secrets, notes and retries apart, in one storage and under the same ids", async () => {
  const storage = new MemorySecrets();
  const named = environmentOf("custom", "One", one.baseUrl);
  const local = environmentOf("local", "Local PacSpace", other.baseUrl);
  const first = open(named, storage);
  const second = open(local, storage);
  await first.signIn(async (api) => {
    await api.auth.login(demoAccount.email, demoAccount.password);
  });
  expect(await first.hasSession()).toBe(true);
  expect(await second.hasSession()).toBe(false);

  await first.secrets.store("webhook_1", "whsec_of_one");
  expect(await second.secrets.get("webhook_1")).toBeUndefined();
  await second.secrets.store("webhook_1", "whsec_of_the_other");
  expect(await first.secrets.all()).toEqual([{ id: "webhook_1", secret: "whsec_of_one", previous: [] }]);
  expect(await second.secrets.all()).toEqual([{ id: "webhook_1", secret: "whsec_of_the_other", previous: [] }]);

  const note = await first.creates.begin({ url: "https://example.com/hook" }, []);
  first.creates.release(note);
  expect(await second.creates.takeAbandoned()).toEqual([]);
  expect(await first.creates.takeAbandoned()).toEqual([note]);

  const retries = new RetryJournals(path.join(folder.path, "retries"));
  await retries.run(named.storageKey, ["evt_1"], () => Promise.resolve());
  expect(await retries.unfinished(local.storageKey)).toBeUndefined();
  expect((await retries.unfinished(named.storageKey))?.ids).toEqual(["evt_1"]);

  // The next window finds each where it was: Local PacSpace at another port, too.
  const later = open(environmentOf("local", "Local PacSpace", "http://127.0.0.1:4400"), storage);
  expect((await later.secrets.get("webhook_1"))?.secret).toBe("whsec_of_the_other");
  await later.secrets.forget("webhook_1");
  expect((await open(named, storage).secrets.get("webhook_1"))?.secret).toBe("whsec_of_one");
  expect(await open(named, storage).hasSession()).toBe(true);
});
