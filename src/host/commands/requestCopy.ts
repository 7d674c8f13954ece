import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { type Delivery, type DeliveryRef } from "../../core/model/delivery";
import { readDeliveryDetail } from "../../core/model/deliveryDetail";
import type { Fields } from "../../core/model/fields";
import type { WrittenRequest } from "../../core/request/writtenRequest";
import { deliveryRequest, type Signing } from "../../core/signature/deliveryRequest";
import type { Services } from "../services";
import type { Command } from "./command";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";

interface Wanted {
  readonly deliveries: readonly DeliveryRef[];
  /** Undefined: where a secret is stored. */
  readonly signed: boolean | undefined;
}

interface Copied {
  readonly copied: true;
  /** Whether each request has a signature of now. */
  readonly signed: boolean;
  /** What a person should know of the copy, in sentences. */
  readonly notes: readonly string[];
}

/** Where a request goes for which neither the delivery nor its webhook tells an address (RFC 2606). */
const nowhere = "https://example.com/your-endpoint";

async function signingOf(services: Services, delivery: Delivery, wanted: boolean | undefined) {
  const { webhookId } = delivery;
  const placeholder: Signing = "placeholder";
  if (wanted === false) return { signing: placeholder, note: vscode.l10n.t("The signature is a placeholder.") };
  const stored = webhookId === undefined ? undefined : await services.account().secrets.get(webhookId);
  if (stored === undefined) {
    const note =
      webhookId === undefined
        ? vscode.l10n.t("PacSpace doesn't tell the webhook of {0}, so the signature is a placeholder.", delivery.id)
        : vscode.l10n.t("No secret is stored here for {0}, so the signature is a placeholder.", webhookId);
    return { signing: placeholder, note };
  }
  const signing: Signing = { secret: stored.secret, now: Date.now() / 1_000 };
  return { signing, note: vscode.l10n.t("Signed now: receivers take it for a few minutes.") };
}

async function requestOf(services: Services, delivery: Delivery, wanted: boolean | undefined) {
  const detail = readDeliveryDetail(delivery);
  const { endpoint, webhookId } = delivery;
  const url = endpoint ?? (webhookId === undefined ? undefined : services.account().webhooks.get(webhookId)?.url);
  const { signing, note } = await signingOf(services, delivery, wanted);
  const notes = [
    note,
    ...(url === undefined ? [vscode.l10n.t("The endpoint is not known: put your own in place of {0}.", nowhere)] : []),
    ...(detail.requestHeaders.length === 0
      ? [vscode.l10n.t("PacSpace's API gives no request headers: these are the documented ones.")]
      : []),
  ];
  return {
    request: deliveryRequest(delivery, detail, url ?? nowhere, signing),
    notes,
    signed: signing !== "placeholder",
  };
}

function readSigned({ signed }: Fields): boolean | undefined {
  if (signed === undefined || typeof signed === "boolean") return signed;
  throw invalidInput("signed must be true or false.");
}

/**
 * A command that copies deliveries as requests to send again, signed now where a secret is stored. The secret itself
 * never leaves the store.
 * @param between what stands between several
 */
export function copyingRequests(
  services: Services,
  id: Command<Wanted, Copied>["id"],
  title: string,
  write: (request: WrittenRequest, notes: readonly string[], delivery: Delivery) => string,
  between: string,
): Command<Wanted, Copied> {
  return {
    id,
    read: (argument) => ({ deliveries: readDeliveryTarget(argument), signed: readSigned(argument) }),
    ask: async (nodes) => {
      const deliveries = await askDeliveryTarget(services, nodes, title);
      return deliveries && { deliveries, signed: undefined };
    },
    run: async ({ deliveries, signed: wanted }, { signal }) => {
      const texts: string[] = [];
      const notes = new Set<string>();
      let signed = true;
      for (const ref of deliveries) {
        const delivery = await services.deliveries.find(ref, signal);
        const made = await requestOf(services, delivery, wanted);
        texts.push(write(made.request, made.notes, delivery));
        made.notes.forEach((note) => notes.add(note));
        signed &&= made.signed;
      }
      await vscode.env.clipboard.writeText(texts.join(between));
      return { copied: true, signed, notes: [...notes] };
    },
    announce: ({ signed, notes }) => ({
      severity: signed ? "information" : "warning",
      message: [vscode.l10n.t("Copied."), ...notes].join(" "),
    }),
  };
}
