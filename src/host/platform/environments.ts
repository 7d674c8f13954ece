import { invalidInput, PacSpaceError } from "../../core/errors";
import {
  defaultBaseUrl,
  environmentOf,
  localEnvironmentName,
  readBaseUrl,
  type Environment,
} from "../../core/model/environment";
import { recordOf, textField } from "../../core/model/fields";
import { Account } from "../../state/account";
import { Emitter } from "../../core/emitter";
import { onDidChangeConnection } from "./connector";
import { Disposable } from "./lifecycle";
import type { OwnMemory } from "./ownMemory";
import { onDidChangeSettings, settings } from "./settings";

const rememberedKey = "pacspace.environment";
const productionName = "Production";

/** The environments that are configured, and the one that this window works in. */
export class Environments extends Disposable {
  readonly #changed = new Emitter<Account>();
  /** Fires when the window works in another environment. */
  readonly onDidChange = this.#changed.event;
  #active: Account;

  constructor(
    private readonly memory: Pick<OwnMemory, "createsFolder" | "globalState" | "secrets">,
    private readonly connect: ConstructorParameters<typeof Account>[0]["connect"],
    private readonly localBaseUrl: () => string | undefined,
  ) {
    super();
    this.#active = this.#account(this.#remembered() ?? this.production());
    this.register({ dispose: () => void this.#active.close() });
    this.register(onDidChangeSettings(() => void this.#follow()));
    this.register(onDidChangeConnection(() => void this.#active.reconnect()));
  }

  get active(): Account {
    return this.#active;
  }

  /** Production, as the setting `pacspace.baseUrl` names it. */
  production(): Environment {
    return configured("production", productionName, settings.baseUrl() || defaultBaseUrl);
  }

  /** Local PacSpace: where it runs now, else where it would. */
  local(): Environment {
    return environmentOf(
      "local",
      localEnvironmentName,
      this.localBaseUrl() ?? `http://127.0.0.1:${settings.localPort()}`,
    );
  }

  /** Those of the setting `pacspace.environments`. */
  #named(): readonly Environment[] {
    return settings.environments().map(([name, baseUrl]) => configured("custom", name, baseUrl));
  }

  /** All that can be switched to. */
  all(): readonly Environment[] {
    const known = [this.production(), this.local(), ...this.#named()];
    const active = this.#active.environment;
    return known.some((candidate) => candidate.name === active.name) ? known : [...known, active];
  }

  /**
   * Finds an environment by name, or by the address it has or would have.
   * @throws PacSpaceError `notFound` for an unknown name, `invalid` for an address that can't be used
   */
  find(wanted: { readonly name: string } | { readonly baseUrl: string }): Environment {
    if ("name" in wanted) {
      const found = this.all().find((candidate) => candidate.name.toLowerCase() === wanted.name.toLowerCase());
      if (found !== undefined) return found;
      throw new PacSpaceError(
        "notFound",
        `There is no environment "${wanted.name}". Known are ${this.all()
          .map(({ name }) => name)
          .join(", ")}; add others by the setting "pacspace.environments".`,
      );
    }
    const baseUrl = readBaseUrl(wanted.baseUrl);
    return (
      this.all().find((candidate) => candidate.baseUrl === baseUrl) ??
      environmentOf("custom", new URL(baseUrl).host + new URL(baseUrl).pathname.replace(/^\/$/, ""), baseUrl)
    );
  }

  /** Works in another environment from now on, and in the next window; settings are not touched. */
  async switchTo(environment: Environment): Promise<Account> {
    const before = this.#active;
    await this.memory.globalState.update(rememberedKey, {
      kind: environment.kind,
      name: environment.name,
      baseUrl: environment.baseUrl,
    });
    if (before.environment.baseUrl === environment.baseUrl && before.environment.name === environment.name)
      return before;
    this.#active = this.#account(environment);
    this.#changed.fire(this.#active);
    // Nobody cancelled what still runs there.
    void before.retire().catch(() => undefined);
    return this.#active;
  }

  /** The settings changed: the active environment is where they say it is now. */
  async #follow(): Promise<void> {
    const { kind, name, baseUrl } = this.#active.environment;
    const now = this.all().find((candidate) => candidate.kind === kind && candidate.name === name);
    if (now !== undefined && now.baseUrl !== baseUrl) await this.switchTo(now);
  }

  /** Works in Production as if for the first time: nothing of before is in memory any more. */
  async startAnew(): Promise<void> {
    const before = this.#active;
    this.#active = this.#account(this.production());
    this.#changed.fire(this.#active);
    await before.close();
  }

  #account(environment: Environment): Account {
    const connect = addressProblem(environment) === undefined ? this.connect : refusing(environment);
    const { createsFolder: notesFolder, secrets } = this.memory;
    return new Account({ environment, secrets, connect, notesFolder, pageSize: settings.pageSize });
  }

  #remembered(): Environment | undefined {
    const fields = recordOf(this.memory.globalState.get<unknown>(rememberedKey));
    const name = textField(fields, "name");
    const baseUrl = textField(fields, "baseUrl");
    try {
      if (fields.kind === "production") return this.production();
      if (name === undefined || baseUrl === undefined) return undefined;
      if (fields.kind === "local") return environmentOf("local", name, baseUrl);
      return this.#named().find((candidate) => candidate.name === name) ?? environmentOf("custom", name, baseUrl);
    } catch {
      return undefined;
    }
  }
}

/**
 * An environment of the settings. One whose address can't be used is there all the same, and refuses every call:
 * another one in its place would get what was meant for it.
 */
function configured(kind: Environment["kind"], name: string, baseUrl: string): Environment {
  try {
    return environmentOf(kind, name, baseUrl);
  } catch {
    // It is shown, logged and remembered, and may be refused for the password in it.
    const shown = baseUrl.replace(/^([a-z][a-z\d+.-]*:\/\/)?[^/?#]*@/i, "$1…@");
    return { kind, name, baseUrl: shown, storageKey: `unusable: ${shown}` };
  }
}

/** Why an environment's address can't be used; undefined when it can. */
export function addressProblem({ baseUrl }: Environment): string | undefined {
  try {
    readBaseUrl(baseUrl);
    return undefined;
  } catch (error) {
    return (error as PacSpaceError).message;
  }
}

function refusing(environment: Environment): () => Promise<never> {
  const { kind, name, baseUrl } = environment;
  const setting = kind === "production" ? "pacspace.baseUrl" : "pacspace.environments";
  const words = `The address of ${name}, “${baseUrl}”, can't be used. ${addressProblem(environment) ?? ""} Correct the setting ${setting}.`;
  return () => Promise.reject(invalidInput(words));
}

/** Reads the argument of a switch. Throws `invalid` when it names neither. */
export function readEnvironmentChoice(
  fields: Readonly<Record<string, unknown>>,
): { name: string } | { baseUrl: string } {
  const name = textField(fields, "name");
  const baseUrl = textField(fields, "baseUrl");
  if (baseUrl !== undefined) return { baseUrl };
  if (name !== undefined) return { name };
  throw invalidInput("Say which environment: by name, or by baseUrl.");
}
