/**
 * What of a delivery can be a document. `payload` and `response` are the bodies alone; `request` and `answer` have their
 * headers as well; `raw` is the API's row.
 */
export const documentParts = ["payload", "request", "response", "answer", "raw"] as const;
export type DocumentPart = (typeof documentParts)[number];

/** For comparing: JSON laid out over lines, and with `placeholders` without ids and times too. */
export const documentForms = ["laidOut", "placeholders"] as const;
export type DocumentForm = (typeof documentForms)[number];

export interface DocumentChoice {
  readonly part: DocumentPart;
  /** Of which attempt an answer is, counted from 1 among those that the API describes; the delivery's last by default. */
  readonly attempt?: number | undefined;
  /** As it came by default. */
  readonly form?: DocumentForm | undefined;
}
