import type { DeliveryRef } from "../../core/model/delivery";
import { numberField, recordOf, textField } from "../../core/model/fields";
import type { DocumentText } from "../../core/request/deliveryDocument";
import { documentForms, documentParts, type DocumentChoice } from "../../core/request/documentPart";
import { documentScheme } from "./documentScheme";

/** Which text of which delivery a document shows. The same address means the same document, in every window. */
export interface DocumentAddress extends DocumentChoice {
  /** The environment's storage key. */
  readonly environment: string;
  readonly delivery: DeliveryRef;
}

/** Ids and names of events as parts of a path: what no file's name may hold is replaced. */
function named(text: string): string {
  return text.replaceAll(/[^\w.-]/g, "_").replace(/^\.+$/, "_") || "_";
}

/**
 * An address as the parts of a URI: a path to read, whose end says what kind of text it is, and a query with the rest.
 * @param event the delivery's, for the path alone
 */
export function writeAddress(
  address: DocumentAddress,
  event: string | undefined,
  extension: DocumentText["extension"],
): { readonly scheme: string; readonly path: string; readonly query: string } {
  const { attempt, delivery, environment, form, part } = address;
  const { createdAt, id, webhookId } = delivery;
  const name = [named(id), ...(attempt === undefined ? [] : [`attempt-${attempt}`]), part, extension].join(".");
  return {
    scheme: documentScheme,
    path: `/${named(event ?? "delivery")}/${name}`,
    query: JSON.stringify({ environment, id, webhookId, createdAt, part, attempt, form }),
  };
}

/** Reads a URI's query; undefined for one that is not ours. */
export function readAddress(query: string): DocumentAddress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    return undefined;
  }
  const fields = recordOf(value);
  const environment = textField(fields, "environment");
  const id = textField(fields, "id");
  const part = documentParts.find((candidate) => candidate === fields.part);
  const form = documentForms.find((candidate) => candidate === fields.form);
  const attempt = numberField(fields, "attempt");
  if (environment === undefined || id === undefined || part === undefined) return undefined;
  if (attempt !== undefined && !(Number.isSafeInteger(attempt) && attempt >= 1)) return undefined;
  const delivery = { id, webhookId: textField(fields, "webhookId"), createdAt: textField(fields, "createdAt") };
  return { environment, delivery, part, attempt, form };
}
