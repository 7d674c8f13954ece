/** `malformed`: a required header is missing or no number; `expired`: authentic, but outside the tolerance. */
export type VerdictKind = "valid" | "expired" | "invalid" | "malformed";

export interface Cause {
  /** `family.name`, for example `body.reserialized`. */
  readonly id: string;
  /** Proven: an HMAC, equal bytes or a length shows it. Likely: only a pattern speaks. */
  readonly certainty: "proven" | "likely";
  /** One sentence for a person; never holds a secret or an expected signature. */
  readonly detail: string;
}

export interface Verdict {
  readonly verdict: VerdictKind;
  readonly matchedWebhookId?: string;
  readonly causes: readonly Cause[];
  /** How many HMACs were computed. */
  readonly tried: number;
}

/**
 * The verdict in one plain sentence, for the panel, a notification and a screen reader.
 * @param label what to call a webhook, by its id
 */
export function verdictSentence(verdict: Verdict, label: (webhookId: string) => string = (id) => id): string {
  const whose = verdict.matchedWebhookId === undefined ? "" : ` with the secret of ${label(verdict.matchedWebhookId)}`;
  const why = verdict.causes.map((cause) => ` ${cause.detail}`).join("");
  switch (verdict.verdict) {
    case "valid":
      return `The signature is valid: PacSpace signed exactly this body${whose}.${why}`;
    case "expired":
      return `PacSpace signed exactly this body${whose}, but too far from now.${why}`;
    case "malformed":
      return `The request can't be checked.${why}`;
    case "invalid":
      return why === ""
        ? "The signature does not match: none of the values in the header is the HMAC of this timestamp and body with the keys at hand."
        : `The signature is not accepted.${why}`;
  }
}
