import { demoAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalOptions, type LocalPacSpace } from "../../../src/local/server";
import type { Account } from "../../../src/state/account";
import type { SecretBackend } from "../../../src/state/secretBackend";
import { MisbehavingProxy } from "../../misbehave/proxy";
import { temporaryDirectory } from "../local/support";
import { openAccount } from "./openAccount";

/** Secrets in memory, and every write to them. */
export class MemorySecrets implements SecretBackend {
  readonly entries = new Map<string, string>();
  readonly writes: string[] = [];
  /** What is read is told only after this, as it was when it was read. */
  slow: Promise<void> | undefined;

  /** What every read ends with, as where a system's keychain is locked. */
  failure: Error | undefined;

  async get(key: string): Promise<string | undefined> {
    if (this.failure !== undefined) throw this.failure;
    const value = this.entries.get(key);
    await this.slow;
    return value;
  }

  store(key: string, value: string): Promise<void> {
    this.writes.push(key);
    this.entries.set(key, value);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  keys(): Promise<readonly string[]> {
    return this.failure === undefined ? Promise.resolve([...this.entries.keys()]) : Promise.reject(this.failure);
  }
}

/** Local PacSpace, a proxy before it that misbehaves on demand, and an account signed in through it. */
export interface Lab {
  readonly local: LocalPacSpace;
  readonly proxy: MisbehavingProxy;
  readonly secrets: MemorySecrets;
  readonly account: Account;
  /** Another window of the same profile. */
  window(): Account;
  close(): Promise<void>;
}

export async function openLab(options: LocalOptions = { seed: "demo" }): Promise<Lab> {
  const local = await startLocalPacSpace(options);
  const proxy = await MisbehavingProxy.start(local.baseUrl);
  const secrets = new MemorySecrets();
  const notes = await temporaryDirectory();
  const accounts: Account[] = [];
  const window = (): Account => {
    const account = openAccount(proxy.baseUrl, secrets, notes.path);
    accounts.push(account);
    return account;
  };
  const account = window();
  await account.signIn(async (api) => {
    await api.auth.login(demoAccount.email, demoAccount.password);
  });
  proxy.reset();
  return {
    local,
    proxy,
    secrets,
    account,
    window,
    close: async () => {
      for (const opened of accounts) await opened.close();
      await proxy.close();
      await local.close();
      await notes.remove();
    },
  };
}
