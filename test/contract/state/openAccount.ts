import { createClient } from "../../../src/api/client";
import { environmentOf } from "../../../src/core/model/environment";
import { Account } from "../../../src/state/account";
import type { SecretBackend } from "../../../src/state/secretBackend";

/** Makes an account of Local PacSpace on this machine, as a window does. */
export function openAccount(baseUrl: string, secrets: SecretBackend, notesFolder: string, timeoutMs = 2_000): Account {
  return new Account({
    environment: environmentOf("local", "Local PacSpace", baseUrl),
    secrets,
    connect: (connection) => Promise.resolve(createClient({ ...connection, timeoutMs })),
    pageSize: () => 50,
    notesFolder,
  });
}
