import { PacSpaceError } from "../core/errors";
import type { SecretBackend } from "./secretBackend";
import { readStoredSecret } from "./webhookSecrets";
import { counted } from "../core/model/counted";

/** What is stored of all environments, as numbers and names. */
export interface SecretInventory {
  readonly sessions: number;
  /** Webhooks that have a secret. */
  readonly secrets: number;
  /** Secrets that were replaced, and kept. */
  readonly earlierSecrets: number;
  /** By their storage keys: an origin, or the name of Local PacSpace. */
  readonly environments: readonly string[];
}

/** Of `session:ENVIRONMENT` and `webhook:ENVIRONMENT:ID`; an environment may be an origin, which has colons of its own. */
function environmentOf(key: string): string | undefined {
  return /^session:(.+)$/.exec(key)?.[1] ?? /^webhook:(.+):[^:]*$/.exec(key)?.[1];
}

/** Counts what is stored, of all environments. */
export async function takeSecretInventory(backend: SecretBackend): Promise<SecretInventory> {
  const environments = new Set<string>();
  let [sessions, secrets, earlierSecrets] = [0, 0, 0];
  for (const key of await backend.keys()) {
    const text = await backend.get(key);
    const environment = environmentOf(key);
    if (text === undefined || environment === undefined) continue;
    environments.add(environment);
    if (key.startsWith("session:")) sessions++;
    else {
      secrets++;
      earlierSecrets += readStoredSecret(text)?.previous.length ?? 0;
    }
  }
  return { sessions, secrets, earlierSecrets, environments: [...environments].sort() };
}

/**
 * Forgets every secret of every environment, and reads back that none is left.
 * @throws PacSpaceError `conflict` when something is still there
 */
export async function forgetAllSecrets(backend: SecretBackend): Promise<void> {
  for (const key of await backend.keys()) await backend.delete(key);
  const left = await backend.keys();
  if (left.length > 0) {
    throw new PacSpaceError(
      "conflict",
      `VS Code's secret storage still has ${counted(left.length, "entry", "entries")}: another window may be storing some. Close other windows and try again.`,
    );
  }
}
