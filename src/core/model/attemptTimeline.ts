import type { Delivery } from "./delivery";
import type { BodyText, DeliveryDetail } from "./deliveryDetail";
import type { HeaderList } from "./headers";

/**
 * How an attempt ended. `accepted`: the endpoint answered 2xx; `refused`: it answered anything else; `unanswered`: there
 * was an error in place of an answer; `unknown`: the API tells neither.
 */
export type AttemptOutcome = "accepted" | "refused" | "unanswered" | "unknown";

/** One attempt in time. Fields that the API doesn't tell are absent. */
export interface TimelineEntry {
  /** Counted from 1; absent where the API leaves attempts out and doesn't number the others. */
  readonly number?: number;
  /** When it began, as text that `Date` reads. */
  readonly at?: string;
  /** When the endpoint had accepted it: known without a beginning where only the delivery's own row tells of it. */
  readonly acceptedAt?: string;
  /** Milliseconds from the beginning of the attempt before it to its own. */
  readonly waitMs?: number;
  readonly outcome: AttemptOutcome;
  readonly httpStatus?: number;
  readonly durationMs?: number;
  readonly error?: string;
  readonly responseHeaders?: HeaderList;
  readonly response?: BodyText;
}

/** The attempts of a delivery, oldest first, and what the API says about their telling. */
export interface AttemptTimeline {
  readonly entries: readonly TimelineEntry[];
  /** How many were made; undefined when the API tells neither a number nor a single attempt. */
  readonly made: number | undefined;
  /** `each`: the API describes attempts one by one. `last`: it tells of the last one only, in the delivery's own fields. */
  readonly told: "each" | "last" | "none";
}

function outcomeOf(httpStatus: number | undefined, error: string | undefined): AttemptOutcome {
  if (httpStatus !== undefined) return httpStatus >= 200 && httpStatus < 300 ? "accepted" : "refused";
  return error === undefined ? "unknown" : "unanswered";
}

/** Milliseconds from one time to a later one; undefined where either is no time, or the later one is earlier. */
function passed(from: string | undefined, to: string | undefined): number | undefined {
  const wait = Date.parse(to ?? "") - Date.parse(from ?? "");
  return wait >= 0 ? wait : undefined;
}

function describedEach(detail: DeliveryDetail, made: number): readonly TimelineEntry[] {
  const { attempts } = detail;
  return attempts.map((attempt, index) => {
    const waitMs = passed(attempts[index - 1]?.at, attempt.at);
    const number = attempt.number ?? (attempts.length >= made ? index + 1 : undefined);
    return {
      ...attempt,
      ...(number !== undefined && { number }),
      ...(waitMs !== undefined && { waitMs }),
      outcome: outcomeOf(attempt.httpStatus, attempt.error),
    };
  });
}

/** The last attempt, as far as the delivery's own fields tell of it; undefined when they tell nothing. */
function describedLast(delivery: Delivery, detail: DeliveryDetail): TimelineEntry | undefined {
  const { attempts: number, deliveredAt, error, httpStatus } = delivery;
  const { durationMs, response, responseHeaders } = detail;
  const known = [deliveredAt, error, httpStatus, durationMs, response].some((value) => value !== undefined);
  if (number === 0 || !known) return undefined;
  const outcome = outcomeOf(httpStatus, error);
  return {
    // Without a number of attempts the last one's place is not known either.
    ...(number !== undefined && { number }),
    outcome: outcome === "unknown" && deliveredAt !== undefined ? "accepted" : outcome,
    ...(deliveredAt !== undefined && { acceptedAt: deliveredAt }),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(durationMs !== undefined && { durationMs }),
    ...(error !== undefined && { error }),
    ...(responseHeaders.length > 0 && { responseHeaders }),
    ...(response !== undefined && { response }),
  };
}

/**
 * Tells a delivery's attempts in time. The API need not describe them one by one: where it gives the last answer alone,
 * that is the one entry, and `told` says so.
 * @param detail of the same delivery
 */
export function attemptTimeline(delivery: Delivery, detail: DeliveryDetail): AttemptTimeline {
  const described = detail.attempts.length;
  if (described > 0) {
    const made = Math.max(delivery.attempts ?? 0, described);
    return { entries: describedEach(detail, made), made, told: "each" };
  }
  const last = describedLast(delivery, detail);
  return { entries: last === undefined ? [] : [last], made: delivery.attempts, told: last ? "last" : "none" };
}
