import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { isCaptureId } from "../../core/model/captureDelivery";
import { bodyBytes, readDeliveryDetail, type DeliveryDetail } from "../../core/model/deliveryDetail";
import { isErrorOfKind } from "../../core/errors";
import type { Diagnosis, Framework } from "../../core/model/diagnosis";
import { eventIdHeader, headerValue, type HeaderList } from "../../core/signature/headers";
import { timestampSeconds } from "../../core/signature/timestamp";
import type { BodySource, KeyChoice, RequestSource, VerificationView } from "../../protocol/verificationView";
import type { FrameworkMemory } from "../platform/frameworkMemory";
import { Disposable } from "../platform/lifecycle";
import type { Answer } from "./answerActions";
import { bodyFromBase64, bodyFromClipboard, bodyFromFile } from "./bodyTaking";
import { errorWords } from "./errorWords";
import type { InspectorServices, PanelVerification } from "./inspectorServices";
import { KeyDesk } from "./keyDesk";
import { presentOutcome } from "./presentOutcome";
import { RequestDraft, type VerificationFields } from "./requestDraft";
import { requestFromClipboard, requestFromFile, type TakenRequest } from "./requestTaking";

/** The delivery that a panel shows, as far as it can be checked. */
export interface VerifiableDelivery {
  readonly detail: DeliveryDetail;
  readonly webhookId: string | undefined;
}

/** Who shows what the desk holds. */
export interface DeskAudience {
  /** Called when there is something new to show. */
  changed(): void;
  /** Called when the text fields were filled in here. */
  fieldsFilled(): void;
}

/**
 * What one panel's Verify tab works on: the request's parts, the body's bytes and a secret that was typed. All of it
 * stays here, so that a hidden panel loses nothing and no secret reaches a page.
 */
export class VerificationDesk extends Disposable {
  readonly #draft = new RequestDraft();
  #delivery: VerifiableDelivery | undefined;
  /** Whether all parts are still those of the delivery, as filled in here. */
  #untouched = true;
  readonly #keys = new KeyDesk();
  #running: { readonly controller: AbortController; tried: number } | undefined;
  #problem: string | undefined;
  #answer: { readonly diagnosis: Diagnosis; readonly age: number | undefined } | undefined;
  #framework: Framework = "express";

  constructor(
    private readonly services: InspectorServices,
    private readonly frameworks: FrameworkMemory,
    private readonly audience: DeskAudience,
  ) {
    super();
    this.register({ dispose: () => this.#running?.controller.abort() });
  }

  get fields(): VerificationFields {
    return this.#draft.fields;
  }

  /** The answer and what it is about; undefined while there is none. */
  get answer(): Answer | undefined {
    const { outcome } = this.view();
    const { facts, fields } = this.#draft;
    if (outcome === undefined || facts === undefined) return undefined;
    return { outcome, framework: this.#framework, request: { ...facts, timestamp: fields.timestamp } };
  }

  view(): VerificationView {
    const { diagnosis, age } = this.#answer ?? {};
    const matched = diagnosis?.matchedWebhookId;
    const label = matched === undefined ? undefined : this.services.webhookLabel(matched);
    return {
      environment: this.services.environment().name,
      hasPayload: this.#delivery?.detail.payload !== undefined,
      ...this.#draft.view(),
      ...this.#keys.view(),
      ...(this.#running !== undefined && { checking: { tried: this.#running.tried } }),
      ...(this.#problem !== undefined && { problem: this.#problem }),
      ...(diagnosis !== undefined && { outcome: presentOutcome(diagnosis, this.#framework, label, age) }),
      framework: this.#framework,
    };
  }

  /**
   * Takes the delivery that the panel shows. Its parts are filled in, unless a person has put in others. A row changes
   * in much that is not checked, such as its status: then a verdict, and a search for one, stay.
   */
  setDelivery(delivery: VerifiableDelivery): void {
    const before = this.#delivery;
    this.#delivery = delivery;
    if (this.#untouched) {
      if (before === undefined || !isSameRequest(before.detail, delivery.detail)) this.#fillIn(delivery);
      else if (this.#running === undefined && this.#answer === undefined) this.#keys.prefer(delivery.webhookId);
    }
    this.audience.changed();
  }

  /** Fills in the delivery's parts again, whatever was put in. */
  refill(): void {
    if (this.#delivery === undefined) return;
    this.#untouched = true;
    this.#fillIn(this.#delivery);
    this.audience.changed();
  }

  #fillIn({ detail, webhookId }: VerifiableDelivery): void {
    this.#draft.fillFromDelivery(detail);
    this.#keys.prefer(webhookId);
    this.#forgetAnswer();
    this.audience.fieldsFilled();
  }

  /** Reads what may have changed elsewhere: which secrets are stored, and the framework. Called when the panel appears. */
  async load(): Promise<void> {
    const [keys, framework] = await Promise.all([this.services.keys(), this.frameworks.read()]);
    if (this.isDisposed) return;
    this.#framework = framework;
    this.#keys.update(keys);
    if (this.#untouched && this.#keys.choice.kind === "all") this.#keys.prefer(this.#delivery?.webhookId);
    this.audience.changed();
  }

  /** Keeps what is typed. A verdict on other values is no longer shown. */
  draft(fields: VerificationFields): void {
    this.#draft.fields = fields;
    this.#untouched = false;
    if (this.#forgetAnswer()) this.audience.changed();
  }

  chooseKey(key: KeyChoice): void {
    this.#keys.choice = key;
    this.#untouched = false;
    this.#forgetAnswer();
    this.audience.changed();
  }

  async chooseFramework(framework: Framework): Promise<void> {
    this.#framework = framework;
    this.audience.changed();
    await this.frameworks.choose(framework);
  }

  /** Takes the body; a file or a text that is not given is asked for. */
  async takeBody(
    source: BodySource,
    given: { readonly file?: vscode.Uri; readonly base64?: string } = {},
  ): Promise<void> {
    await this.#take(async () => {
      const { payload, requestHeaders = [] } = this.#delivery?.detail ?? {};
      if (source === "payload") return payload && (() => this.#draft.setPayload(requestHeaders, payload));
      const taken = await {
        clipboard: bodyFromClipboard,
        file: () => bodyFromFile(given.file),
        base64: () => bodyFromBase64(given.base64),
      }[source]();
      return taken && (() => this.#draft.setBody(source, taken));
    });
  }

  async takeRequest(source: RequestSource): Promise<void> {
    await this.useRequest({ clipboard: requestFromClipboard, file: requestFromFile }[source]);
  }

  /** Fills in what a whole request tells, and checks it at once where nothing is missing. */
  async useRequest(take: () => TakenRequest | undefined | Promise<TakenRequest | undefined>): Promise<void> {
    const isTaken = await this.#take(async () => {
      const taken = await take();
      return (
        taken &&
        (() => {
          this.#draft.fillFromRequest(taken.read, taken.from, taken.warnings);
          this.audience.fieldsFilled();
        })
      );
    });
    if (isTaken && typeof this.#request() !== "string") await this.check(this.fields);
  }

  /** @returns whether something was taken */
  async #take(take: () => Promise<(() => void) | undefined>): Promise<boolean> {
    let fill: (() => void) | undefined;
    try {
      fill = await take();
      if (this.isDisposed || fill === undefined) return false;
      this.#untouched = false;
      this.#forgetAnswer();
      fill();
    } catch (error) {
      if (this.isDisposed) return false;
      this.#forgetAnswer();
      this.#problem = errorWords(error);
    }
    this.audience.changed();
    return fill !== undefined;
  }

  async typeSecret(): Promise<void> {
    if ((await this.#keys.ask()) && !this.isDisposed) this.chooseKey({ kind: "typed" });
  }

  /** Checks the request; the answer is dropped when another check began, or a part changed, meanwhile. */
  async check(fields: VerificationFields): Promise<void> {
    this.#draft.fields = fields;
    this.#forgetAnswer();
    const request = this.#request();
    if (typeof request === "string") {
      this.#problem = request;
      this.audience.changed();
      return;
    }
    const controller = new AbortController();
    const running = (this.#running = { controller, tried: 0 });
    const isCurrent = (): boolean => !this.isDisposed && this.#running === running;
    this.audience.changed();
    const onProgress = (tried: number): void => {
      if (!isCurrent()) return;
      running.tried = tried;
      this.audience.changed();
    };
    try {
      const diagnosis = await this.services.verify(request, { signal: controller.signal, onProgress });
      if (!isCurrent()) return;
      const seconds = timestampSeconds(fields.timestamp.trim());
      this.#answer = { diagnosis, age: seconds === undefined ? undefined : Date.now() / 1_000 - seconds };
    } catch (error) {
      if (!isCurrent()) return;
      this.#problem = isErrorOfKind(error, "cancelled") ? vscode.l10n.t("The check was stopped.") : errorWords(error);
    }
    this.#running = undefined;
    this.audience.changed();
  }

  cancelCheck(): void {
    this.#running?.controller.abort();
  }

  /** What is to be checked, or a sentence that says what is missing. */
  #request(): PanelVerification | string {
    const { body } = this.#draft;
    if (body === undefined) {
      return vscode.l10n.t("The body is missing: take it from the clipboard, a file or base64 first.");
    }
    const key = this.#keys.source(this.services.environment().name);
    if (typeof key === "string") return key;
    const computed = this.#draft.fields.computed?.trim() ?? "";
    const headers = this.#draft.headers();
    const storedBody = this.#storedBody(headers);
    return {
      ...{ headers, body, ...key },
      ...(computed !== "" && { computed }),
      ...(storedBody !== undefined && { storedBody }),
    };
  }

  /** The body that PacSpace keeps of the request's event, where its delivery is loaded: it tells what was changed. */
  #storedBody(headers: HeaderList): Uint8Array | undefined {
    const id = headerValue(headers, eventIdHeader)?.trim() ?? "";
    // A capture is what arrived, not what PacSpace keeps.
    const delivery = id === "" || isCaptureId(id) ? undefined : this.services.deliveries.loaded({ id });
    const payload = delivery && readDeliveryDetail(delivery).payload;
    return payload && bodyBytes(payload);
  }

  /** @returns whether there was anything to forget */
  #forgetAnswer(): boolean {
    const had = this.#running !== undefined || this.#answer !== undefined || this.#problem !== undefined;
    this.#running?.controller.abort();
    this.#running = undefined;
    this.#answer = undefined;
    this.#problem = undefined;
    return had;
  }
}

function isSameRequest(one: DeliveryDetail, other: DeliveryDetail): boolean {
  return isDeepStrictEqual([one.payload, one.requestHeaders], [other.payload, other.requestHeaders]);
}
