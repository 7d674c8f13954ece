import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "../../src/api/client";
import { environmentOf } from "../../src/core/model/environment";
import { demoAccount } from "../../src/local/demoAccount";
import { Account } from "../../src/state/account";

/** An account as a window has one, with its secrets in memory, not signed in. */
export function accountAt(baseUrl: string, pageSize: number): Account {
  const entries = new Map<string, string>();
  return new Account({
    environment: environmentOf("custom", "scale", baseUrl),
    secrets: {
      get: (key) => Promise.resolve(entries.get(key)),
      store: (key, value) => Promise.resolve(void entries.set(key, value)),
      delete: (key) => Promise.resolve(void entries.delete(key)),
      keys: () => Promise.resolve([...entries.keys()]),
    },
    connect: (options) => Promise.resolve(createClient(options)),
    pageSize: () => pageSize,
    notesFolder: join(tmpdir(), "pacspace-scale-creates"),
  });
}

/** Signs in to a Local PacSpace. */
export async function signedInAccount(baseUrl: string, pageSize: number): Promise<Account> {
  const account = accountAt(baseUrl, pageSize);
  await account.signIn(async (api) => {
    await api.auth.login(demoAccount.email, demoAccount.password);
  });
  return account;
}

/** Signs in by a cookie, to a server that takes any. */
export async function cookieAccount(baseUrl: string, pageSize: number): Promise<Account> {
  const account = accountAt(baseUrl, pageSize);
  await account.signIn((api) => {
    api.auth.importCookieHeader("pacspace_session=scale");
    return Promise.resolve();
  });
  return account;
}
