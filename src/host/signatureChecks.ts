import type { Diagnosis } from "../core/model/diagnosis";
import { bodyBytes, readDeliveryDetail } from "../core/model/deliveryDetail";
import type { Verdict } from "../core/model/verdict";
import type { HeaderList } from "../core/model/headers";
import { fingerprint } from "../core/signature/sign";
import type { VerificationKey } from "../core/signature/verify";
import type { Account } from "../state/account";
import { secretMissing } from "../state/webhookSecrets";
import type { DeliveryLookup } from "./deliveryLookup";
import { DoctorSearch, type Watch } from "./doctorSearch";
import { settings } from "./platform/settings";

/** With what a signature is checked. */
export type KeySource =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "webhook"; readonly webhookId: string }
  | { readonly kind: "keys"; readonly keys: readonly VerificationKey[] }
  | { readonly kind: "all" };

export interface SignatureCheck {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly keys: KeySource;
  /** Unix seconds; this machine's clock by default. */
  readonly now?: number | undefined;
  /** The value that the user's handler computed. */
  readonly computed?: string | undefined;
  readonly stored?: { readonly body: Uint8Array } | { readonly deliveryId: string } | undefined;
}

/** A bare secret belongs to no webhook that is known here. */
const nameless = "";

/** Checks signatures with the stored secrets, or with those given. */
export class SignatureChecks {
  readonly #doctor: DoctorSearch;

  /** @param workerScript the bundle of the doctor's worker */
  constructor(
    private readonly account: () => Account,
    private readonly deliveries: DeliveryLookup,
    workerScript: string,
  ) {
    this.#doctor = new DoctorSearch(workerScript);
  }

  /** Which secrets are stored, by fingerprint. */
  async storedKeys(): Promise<readonly { readonly webhookId: string; readonly fingerprint: string }[]> {
    const stored = await this.#allStored();
    return stored.map(({ id, secret }) => ({ webhookId: id, fingerprint: fingerprint(secret) }));
  }

  /**
   * Checks one request and says why its signature fails.
   * @returns plain data without secrets
   * @throws PacSpaceError `notFound` when the webhook named has no stored secret, `cancelled` when the signal says so
   */
  async diagnose(check: SignatureCheck, watch: Watch): Promise<Diagnosis> {
    const keys = await this.#keys(check.keys);
    const storedBody = await this.#storedBody(check.stored, watch.signal);
    const { matchedWebhookId, ...diagnosis } = await this.#doctor.diagnose(
      {
        headers: check.headers,
        body: check.body,
        keys,
        addressed: check.keys.kind === "all" ? "any" : "first",
        now: check.now ?? Date.now() / 1_000,
        toleranceSeconds: settings.toleranceSeconds(),
        ...(check.computed !== undefined && { computed: check.computed }),
        ...(storedBody !== undefined && { storedBody }),
      },
      watch,
    );
    const isNamed = matchedWebhookId !== undefined && matchedWebhookId !== nameless;
    return { ...diagnosis, ...(isNamed && { matchedWebhookId }) };
  }

  /** The verdict alone; see `diagnose`. */
  async check(check: SignatureCheck, watch: Watch): Promise<Verdict> {
    const { verdict, matchedWebhookId, causes, tried } = await this.diagnose(check, watch);
    return { verdict, ...(matchedWebhookId !== undefined && { matchedWebhookId }), causes, tried };
  }

  async #keys(source: KeySource): Promise<readonly VerificationKey[]> {
    switch (source.kind) {
      case "secret":
        return [{ id: nameless, secret: source.secret }];
      case "keys":
        return source.keys;
      case "webhook": {
        const stored = await this.account().secrets.get(source.webhookId);
        if (stored === undefined) throw secretMissing(source.webhookId);
        const others = (await this.#allStored()).filter(({ id }) => id !== source.webhookId);
        return [{ id: source.webhookId, ...stored }, ...others].flatMap(withPrevious);
      }
      case "all":
        return (await this.#allStored()).flatMap(withPrevious);
    }
  }

  #allStored(): ReturnType<Account["secrets"]["all"]> {
    const { secrets, webhooks } = this.account();
    return secrets.all(webhooks.snapshot.webhooks.map(({ id }) => id));
  }

  async #storedBody(stored: SignatureCheck["stored"], signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (stored === undefined || "body" in stored) return stored?.body;
    const { payload } = readDeliveryDetail(await this.deliveries.find({ id: stored.deliveryId }, signal));
    return payload === undefined ? undefined : bodyBytes(payload);
  }
}

function withPrevious({
  id,
  secret,
  previous,
}: {
  id: string;
  secret: string;
  previous: readonly string[];
}): VerificationKey[] {
  return [{ id, secret }, ...previous.map((earlier) => ({ id, secret: earlier, previous: true }))];
}
