import { createHash } from "node:crypto";
import * as vscode from "vscode";
import type { BodyText, DeliveryDetail } from "../../core/model/deliveryDetail";
import type { HeaderList } from "../../core/model/headers";
import { headerValue, signatureHeader, timestampHeader } from "../../core/signature/headers";
import { fingerprint } from "../../core/signature/sign";
import { spokenDuration, timestampSeconds } from "../../core/signature/timestamp";
import type { BodySource, CheckOutcome, KeyChoice, VerificationView } from "../../protocol/verificationView";
import { Disposable } from "../platform/lifecycle";
import { bodyFromBase64, bodyFromClipboard, bodyFromFile, type TakenBody } from "./bodyTaking";
import { errorWords } from "./errorWords";
import type { InspectorServices, PanelVerification, StoredKeyChoice } from "./inspectorServices";

export interface VerificationFields {
  readonly signature: string;
  readonly timestamp: string;
}

/** The delivery that a panel shows, as far as it can be checked. */
export interface VerifiableDelivery {
  readonly detail: DeliveryDetail;
  readonly webhookId: string | undefined;
}

/**
 * What one panel's Verify tab works on: the request's parts, the body's bytes and a secret that was typed. All of it
 * stays here, so that a hidden panel loses nothing and no secret reaches a page.
 */
export class VerificationDesk extends Disposable {
  #fields: VerificationFields = { signature: "", timestamp: "" };
  #body: (NonNullable<VerificationView["body"]> & { readonly content: Uint8Array }) | undefined;
  #delivery: VerifiableDelivery | undefined;
  /** Whether all parts are still those of the delivery, as filled in here. */
  #untouched = true;
  #keys: readonly StoredKeyChoice[] = [];
  #key: KeyChoice = { kind: "all" };
  #typedSecret: string | undefined;
  #running: AbortController | undefined;
  #problem: string | undefined;
  #outcome: CheckOutcome | undefined;

  /** @param changed called when there is something new to show */
  constructor(
    private readonly services: InspectorServices,
    private readonly changed: () => void,
  ) {
    super();
    this.register({ dispose: () => this.#running?.abort() });
  }

  get fields(): VerificationFields {
    return this.#fields;
  }

  view(): VerificationView {
    const { source, name, bytes, sha256, note } = this.#body ?? {};
    return {
      environment: this.services.environment().name,
      hasPayload: this.#delivery?.detail.payload !== undefined,
      ...(source !== undefined &&
        bytes !== undefined &&
        sha256 !== undefined && {
          body: { source, bytes, sha256, ...(name !== undefined && { name }), ...(note !== undefined && { note }) },
        }),
      keys: this.#keys.map(({ webhookId, label, fingerprint }) => ({ webhookId, label, fingerprint })),
      ...(this.#typedSecret !== undefined && { typedKey: fingerprint(this.#typedSecret) }),
      key: this.#key,
      checking: this.#running !== undefined,
      ...(this.#problem !== undefined && { problem: this.#problem }),
      ...(this.#outcome !== undefined && { outcome: this.#outcome }),
    };
  }

  /**
   * Takes the delivery that the panel shows. Its parts are filled in, unless a person has put in others.
   * @returns whether the fields changed
   */
  setDelivery(delivery: VerifiableDelivery): boolean {
    this.#delivery = delivery;
    if (this.#untouched) this.#fillIn(delivery);
    this.changed();
    return this.#untouched;
  }

  /** Fills in the delivery's parts again, whatever was put in. */
  refill(): void {
    if (this.#delivery === undefined) return;
    this.#untouched = true;
    this.#fillIn(this.#delivery);
    this.changed();
  }

  #fillIn({ detail, webhookId }: VerifiableDelivery): void {
    this.#fields = {
      signature: headerValue(detail.requestHeaders, signatureHeader) ?? "",
      timestamp: headerValue(detail.requestHeaders, timestampHeader) ?? "",
    };
    this.#body = undefined;
    if (detail.payload !== undefined) this.#setBody("payload", payloadBody(detail.payload));
    if (webhookId !== undefined && this.#keys.some((key) => key.webhookId === webhookId)) {
      this.#key = { kind: "stored", webhookId };
    }
    this.#forgetAnswer();
  }

  /** Reads which secrets are stored. Called when the panel appears: another window may have changed them. */
  async loadKeys(): Promise<void> {
    const keys = await this.services.keys();
    if (this.isDisposed) return;
    this.#keys = keys;
    const isStored = (id: string | undefined): boolean => keys.some(({ webhookId }) => webhookId === id);
    const { webhookId } = this.#delivery ?? {};
    if (this.#key.kind === "stored" && !isStored(this.#key.webhookId)) this.#key = { kind: "all" };
    if (keys.length === 0 && this.#typedSecret !== undefined) this.#key = { kind: "typed" };
    if (this.#untouched && this.#key.kind === "all" && webhookId !== undefined && isStored(webhookId)) {
      this.#key = { kind: "stored", webhookId };
    }
    this.changed();
  }

  /** Keeps what is typed. A verdict on other values is no longer shown. */
  draft(fields: VerificationFields): void {
    this.#fields = fields;
    this.#untouched = false;
    if (this.#forgetAnswer()) this.changed();
  }

  chooseKey(key: KeyChoice): void {
    this.#key = key;
    this.#untouched = false;
    this.#forgetAnswer();
    this.changed();
  }

  async takeBody(source: BodySource): Promise<void> {
    const payload = this.#delivery?.detail.payload;
    try {
      const taken =
        source === "clipboard"
          ? await bodyFromClipboard()
          : source === "file"
            ? await bodyFromFile()
            : source === "base64"
              ? await bodyFromBase64()
              : payload && payloadBody(payload);
      if (this.isDisposed || taken === undefined) return;
      this.#untouched = false;
      this.#forgetAnswer();
      this.#setBody(source, taken);
    } catch (error) {
      if (this.isDisposed) return;
      this.#forgetAnswer();
      this.#problem = errorWords(error);
    }
    this.changed();
  }

  #setBody(source: BodySource, { bytes: content, ...facts }: TakenBody): void {
    const sha256 = createHash("sha256").update(content).digest("hex");
    this.#body = { source, content, bytes: content.length, sha256, ...facts };
  }

  async typeSecret(): Promise<void> {
    const secret = await vscode.window.showInputBox({
      title: vscode.l10n.t("Secret to Check With"),
      prompt: vscode.l10n.t("Kept for this panel until it is closed, and stored nowhere."),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text === "" ? vscode.l10n.t("A secret begins with whsec_.") : undefined),
    });
    if (this.isDisposed || secret === undefined || secret === "") return;
    this.#typedSecret = secret;
    this.chooseKey({ kind: "typed" });
  }

  /** Checks the request; the answer is dropped when another check began, or a part changed, meanwhile. */
  async check(fields: VerificationFields): Promise<void> {
    this.#fields = fields;
    this.#forgetAnswer();
    const request = this.#request();
    if (typeof request === "string") {
      this.#problem = request;
      this.changed();
      return;
    }
    const running = (this.#running = new AbortController());
    this.changed();
    let answer: { readonly outcome: CheckOutcome } | { readonly problem: string };
    try {
      answer = { outcome: this.#outcomeOf(await this.services.verify(request, running.signal)) };
    } catch (error) {
      answer = { problem: errorWords(error) };
    }
    if (this.isDisposed || this.#running !== running) return;
    this.#running = undefined;
    if ("outcome" in answer) this.#outcome = answer.outcome;
    else this.#problem = answer.problem;
    this.changed();
  }

  /** What is to be checked, or a sentence that says what is missing. */
  #request(): PanelVerification | string {
    if (this.#body === undefined) {
      return vscode.l10n.t("The body is missing: take it from the clipboard, a file or base64 first.");
    }
    const key = this.#keySource();
    return typeof key === "string" ? key : { headers: this.#headers(), body: this.#body.content, ...key };
  }

  #keySource(): { readonly key: PanelVerification["key"] } | string {
    switch (this.#key.kind) {
      case "stored":
        return { key: { webhookId: this.#key.webhookId } };
      case "typed":
        return this.#typedSecret === undefined
          ? vscode.l10n.t("Type the secret first.")
          : { key: { secret: this.#typedSecret } };
      case "all":
        return this.#keys.length === 0
          ? vscode.l10n.t("No secret is stored for {0}: type the webhook's.", this.services.environment().name)
          : { key: "all" };
    }
  }

  /** The fields as headers, an empty one as none; with the delivery's own body, its other headers too. */
  #headers(): HeaderList {
    const { signature, timestamp } = this.#fields;
    const others = this.#body?.source === "payload" ? (this.#delivery?.detail.requestHeaders ?? []) : [];
    const ours = new Set([signatureHeader.toLowerCase(), timestampHeader.toLowerCase()]);
    // White space around a value is not part of it (RFC 9110, 5.5).
    const fields = [
      [signatureHeader, signature.trim()],
      [timestampHeader, timestamp.trim()],
    ] as const;
    return [...fields.filter(([, value]) => value !== ""), ...others.filter(([name]) => !ours.has(name.toLowerCase()))];
  }

  #outcomeOf({
    verdict,
    matchedWebhookId,
    causes,
    tried,
  }: Awaited<ReturnType<InspectorServices["verify"]>>): CheckOutcome {
    const label = matchedWebhookId === undefined ? undefined : this.services.webhookLabel(matchedWebhookId);
    const seconds = timestampSeconds(this.#fields.timestamp.trim());
    const age = seconds === undefined ? undefined : Date.now() / 1_000 - seconds;
    return {
      verdict: {
        verdict,
        tried,
        causes: causes.map(({ id, certainty, detail }) => ({ id, certainty, detail })),
        ...(matchedWebhookId !== undefined && { matchedWebhookId }),
      },
      ...(label !== undefined && { matchedLabel: label }),
      ...(verdict === "expired" &&
        age !== undefined && {
          age:
            age > 0
              ? vscode.l10n.t("{0} old", spokenDuration(age))
              : vscode.l10n.t("{0} ahead of this clock", spokenDuration(age)),
        }),
    };
  }

  /** @returns whether there was anything to forget */
  #forgetAnswer(): boolean {
    const had = this.#running !== undefined || this.#outcome !== undefined || this.#problem !== undefined;
    this.#running?.abort();
    this.#running = undefined;
    this.#outcome = undefined;
    this.#problem = undefined;
    return had;
  }
}

function payloadBody({ text, form }: BodyText): TakenBody {
  return {
    bytes: new TextEncoder().encode(text),
    ...(form === "value" && {
      note: vscode.l10n.t(
        "Taken out of the API's answer as it stands there. Where the API lays JSON out anew, no secret matches.",
      ),
    }),
  };
}
