import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { booleanField, type Fields } from "../../core/model/fields";
import type { DocumentPart } from "../../core/request/documentPart";
import type { Services } from "../services";
import { readPart } from "./documentPart";

/** What of two deliveries is compared, and whether ids and times count. */
export interface Comparison {
  readonly part: DocumentPart;
  readonly placeholders: boolean;
}

/** One side: a delivery, or one attempt of it. */
export interface Side {
  readonly delivery: Delivery;
  readonly attempt?: number;
}

/** What a comparison command gives back. */
export interface Compared {
  readonly opened: true;
  readonly title: string;
  readonly left: string;
  readonly right: string;
}

/** Reads `part` (the payload by default) and `placeholders` (off by default) of an argument object. */
export function readComparison(argument: Fields, part: DocumentPart = "payload"): Comparison {
  if (argument.placeholders !== undefined && typeof argument.placeholders !== "boolean") {
    throw invalidInput("placeholders must be true or false.");
  }
  return { part: readPart(argument, part), placeholders: booleanField(argument, "placeholders") ?? false };
}

/** Asks what to compare; undefined when the person gave up. */
export async function askComparison(title: string, parts: readonly DocumentPart[]): Promise<Comparison | undefined> {
  const words: Readonly<Record<DocumentPart, string>> = {
    payload: vscode.l10n.t("Payloads"),
    request: vscode.l10n.t("Requests, headers included"),
    response: vscode.l10n.t("Bodies of the answers"),
    answer: vscode.l10n.t("Answers, headers included"),
    raw: vscode.l10n.t("The API's rows"),
  };
  const items = parts.flatMap((part) =>
    [true, false].map((placeholders) => ({
      label: words[part],
      description: placeholders ? vscode.l10n.t("ids and times as placeholders") : vscode.l10n.t("ids and times too"),
      part,
      placeholders,
    })),
  );
  const placeHolder = vscode.l10n.t("Choose what to compare");
  return vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
}

/** What the title calls a side; ids alone would be one word twice where an event went to two webhooks. */
function sideName({ delivery, attempt }: Side, other: Side): string {
  const { id, webhookId, createdAt } = delivery;
  if (attempt !== undefined) return vscode.l10n.t("{0} attempt {1}", id, attempt);
  if (id !== other.delivery.id) return id;
  return `${id} (${webhookId !== other.delivery.webhookId ? (webhookId ?? "?") : (createdAt ?? "?")})`;
}

/**
 * Opens two texts beside each other in VS Code's own comparison: JSON laid out, all tokens as they are.
 * @throws PacSpaceError `notFound` when the API doesn't tell one of them
 */
export async function compare(services: Services, sides: readonly [Side, Side], how: Comparison): Promise<Compared> {
  const { part, placeholders } = how;
  const [left, right] = sides;
  const form = placeholders ? "placeholders" : "laidOut";
  const documents = await services.documents.get();
  const [leftUri, rightUri] = sides.map(({ delivery, attempt }) =>
    documents.address(delivery, { part, form, ...(attempt !== undefined && { attempt }) }),
  );
  const names = `${sideName(left, right)} ↔ ${sideName(right, left)}`;
  const title = placeholders
    ? vscode.l10n.t("{0} ({1}, ids and times as placeholders)", names, part)
    : `${names} (${part})`;
  await vscode.commands.executeCommand("vscode.diff", leftUri, rightUri, title, { preview: true });
  return { opened: true, title, left: String(leftUri), right: String(rightUri) };
}
