import type { ClientOptions, PacSpaceApi } from "../api/pacspaceApi";
import { isErrorOfKind, isPacSpaceError, PacSpaceError } from "../core/errors";
import type { Environment } from "../core/model/environment";
import { CreateNotes } from "./createNotes";
import { DeliveriesStore } from "./deliveriesStore";
import { Emitter } from "../core/emitter";
import type { SecretBackend } from "./secretBackend";
import { SessionKeeper } from "./session";
import { WebhookSecrets } from "./webhookSecrets";
import { WebhooksStore } from "./webhooksStore";

/** What is known of the session. `expired`: there was one, and PacSpace no longer takes it. */
export type SessionState =
  | { readonly kind: "unknown" }
  | { readonly kind: "signedOut"; readonly expired: boolean }
  | { readonly kind: "signedIn" }
  | { readonly kind: "unreachable"; readonly message: string };

export interface AccountOptions {
  readonly environment: Environment;
  readonly secrets: SecretBackend;
  /** Makes the client, on first use. */
  readonly connect: (options: Pick<ClientOptions, "baseUrl" | "session" | "onSessionChanged">) => Promise<PacSpaceApi>;
  readonly pageSize: () => number;
  /** The folder for notes of creates under way, absolute. */
  readonly notesFolder: string;
}

/** One environment as this window uses it: its session, its client, what is known of its webhooks and deliveries. */
export class Account {
  readonly environment: Environment;
  readonly webhooks: WebhooksStore;
  readonly deliveries: DeliveriesStore;
  readonly secrets: WebhookSecrets;
  readonly creates: CreateNotes;
  readonly #session: SessionKeeper;
  readonly #sessionChanged = new Emitter<SessionState>();
  readonly onDidChangeSession = this.#sessionChanged.event;
  #state: SessionState = { kind: "unknown" };
  #api: Promise<PacSpaceApi> | undefined;
  readonly #underWay = new Set<Promise<unknown>>();
  /** How often the session was given up: what a call finds out afterwards is of a session that is no more. */
  #signOuts = 0;
  #closed = false;

  constructor(private readonly options: AccountOptions) {
    this.environment = options.environment;
    const key = options.environment.storageKey;
    this.#session = new SessionKeeper(options.secrets, key);
    this.secrets = new WebhookSecrets(options.secrets, key);
    this.creates = new CreateNotes(options.notesFolder, key);
    const signedIn = (): Promise<PacSpaceApi> => this.signedInApi();
    this.webhooks = new WebhooksStore(signedIn);
    this.deliveries = new DeliveriesStore(signedIn, options.pageSize);
  }

  get session(): SessionState {
    return this.#state;
  }

  #become(state: SessionState): void {
    if (this.#closed || JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#sessionChanged.fire(state);
  }

  /** The client, made on first use with the stored session. */
  api(): Promise<PacSpaceApi> {
    this.#api ??= this.#connect();
    return this.#api;
  }

  async #connect(): Promise<PacSpaceApi> {
    const session = await this.#session.read();
    const api: PacSpaceApi = await this.options.connect({
      baseUrl: this.environment.baseUrl,
      session,
      onSessionChanged: () => void this.#session.flush(api).then(undefined, () => undefined),
    });
    return api;
  }

  /**
   * The client, for a call that needs a session: the one that is stored now, for another window may have signed out or
   * in anew.
   * @throws PacSpaceError `auth`, before anything is sent, when there is none
   */
  async signedInApi(): Promise<PacSpaceApi> {
    const api = await this.api();
    await this.#rereadSession();
    if (api.exportSession() !== undefined) return api;
    this.#become({ kind: "signedOut", expired: false });
    throw new PacSpaceError("auth", `You are not signed in to ${this.environment.name}. Sign in first.`);
  }

  /**
   * Runs a call that needs a session, and learns from how it ends: the session's state follows. A 401 for a session
   * that another window has renewed meanwhile is repeated once with that one; refused calls have had no effect. So the
   * work must not go on to read, after a request that had one.
   * @param work is given the client, and whether the session is still there: without it nothing goes into the stores
   */
  call<T>(work: (api: PacSpaceApi, isSignedIn: () => boolean) => Promise<T>): Promise<T> {
    return this.#holding(() => this.#call(work));
  }

  async #call<T>(work: (api: PacSpaceApi, isSignedIn: () => boolean) => Promise<T>): Promise<T> {
    const api = await this.signedInApi();
    const before = this.#signOuts;
    const isSignedIn = (): boolean => this.#signOuts === before && api.exportSession() !== undefined;
    try {
      const result = await work(api, isSignedIn).catch(async (error: unknown) => {
        if (isErrorOfKind(error, "auth") && (await this.#session.adopt(api)) && api.exportSession() !== undefined) {
          return work(api, isSignedIn);
        }
        throw error;
      });
      if (isSignedIn()) this.#become({ kind: "signedIn" });
      return result;
    } catch (error) {
      if (this.#signOuts === before) this.observe(error);
      throw error;
    } finally {
      await this.#keep();
    }
  }

  /** Lets the session's state follow from an error. */
  observe(error: unknown): void {
    if (isErrorOfKind(error, "auth")) this.#become({ kind: "signedOut", expired: this.#state.kind !== "signedOut" });
    else if (isPacSpaceError(error) && (error.kind === "network" || error.kind === "timeout")) {
      this.#become({ kind: "unreachable", message: error.message });
    }
  }

  /** The server is known to be gone: says so without asking it. */
  lost(message: string): void {
    this.#become({ kind: "unreachable", message });
  }

  /** Settles when the session's jar is stored as it is now. */
  async flush(): Promise<void> {
    if (this.#api !== undefined && !this.#closed) await this.#session.flush(await this.#api);
  }

  /** Stores the jar; where the storage refuses, it lives as long as this window, and what was done is done. */
  async #keep(): Promise<void> {
    await this.flush().catch(() => undefined);
  }

  /**
   * Signs in: fills the jar by `enter`, then checks it against a protected route.
   * @throws PacSpaceError `auth` when PacSpace doesn't take the session; the one before is kept then
   */
  signIn(enter: (api: PacSpaceApi) => Promise<void>): Promise<void> {
    return this.#holding(() => this.#signIn(enter));
  }

  async #signIn(enter: (api: PacSpaceApi) => Promise<void>): Promise<void> {
    const api = await this.api();
    await this.#session.adopt(api);
    const before = api.exportSession();
    try {
      await enter(api);
      await api.auth.check();
    } catch (error) {
      api.importSession(before);
      if (before === undefined) this.#become({ kind: "signedOut", expired: false });
      throw error;
    } finally {
      await this.#keep();
    }
    this.#become({ kind: "signedIn" });
  }

  /** Forgets the session here; webhook secrets stay. No route ends it on the server. */
  async signOut(): Promise<void> {
    const api = await this.api();
    api.importSession(undefined);
    this.#signOuts++;
    await this.#session.forget();
    this.webhooks.clear();
    this.deliveries.clear();
    this.#become({ kind: "signedOut", expired: false });
  }

  /**
   * Looks whether there is a session, without asking the server: the views do that when they load.
   * @returns whether the jar holds one
   */
  async hasSession(): Promise<boolean> {
    const api = await this.api();
    await this.#rereadSession();
    const present = api.exportSession() !== undefined;
    if (!present) this.#become({ kind: "signedOut", expired: false });
    return present;
  }

  /** Reads anew what another window may have changed: the session, and which webhooks have a secret. */
  async reread(): Promise<void> {
    if (this.#api === undefined) return;
    await this.#rereadSession();
    await this.secrets.refresh(this.webhooks.snapshot.webhooks.map((webhook) => webhook.id));
  }

  async #rereadSession(): Promise<void> {
    if (this.#api === undefined) return;
    const api = await this.#api;
    if (!(await this.#session.adopt(api))) return;
    if (api.exportSession() === undefined) {
      this.#signOuts++;
      this.webhooks.clear();
      this.deliveries.clear();
      this.#become({ kind: "signedOut", expired: false });
    } else this.#become({ kind: "unknown" });
  }

  /** Another window, or this one, changed an entry of the storage. */
  async rereadEntry(key: string): Promise<void> {
    if (key === this.#session.entry) await this.#rereadSession();
    else await this.secrets.reread(key);
  }

  /** Connects anew from the next request on, for whom to trust has changed. Requests under way come to their end. */
  async reconnect(): Promise<void> {
    const before = this.#api;
    if (before === undefined) return;
    await this.flush();
    this.#api = undefined;
    // What was sent may have its effect: its answer is still wanted.
    await Promise.allSettled(this.#underWay);
    await (await before).close();
  }

  /** Does something with a client that must not be closed meanwhile. */
  async #holding<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** As `close`, once what is under way has come to its end: what was sent may have its effect, a file its last bytes. */
  async retire(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.close();
  }

  /** Ends all requests and forgets all rows; what is stored stays. */
  async close(): Promise<void> {
    await this.#keep();
    this.#closed = true;
    this.webhooks.clear();
    this.deliveries.clear();
    await this.#api?.then(
      (api) => api.close(),
      // There was no client.
      () => undefined,
    );
  }
}
