import { deliveryKey, type Delivery, type DeliveryRef } from "../core/model/delivery";
import { arrayField, recordOf, textField } from "../core/model/fields";

/** How far polling has come. It is written down, so it holds ids and times alone. */
export interface PollMark {
  /** The newest creation time handed on or passed over, ISO 8601; empty when no row told one. */
  readonly newest: string;
  /** What was created before that, or then and is not among the seen, is history. ISO 8601; empty where nothing is. */
  readonly since: string;
  /** Keys of rows that are done with, of about the newest time. */
  readonly seen: readonly string[];
  /** Rows that are not done with, oldest first. */
  readonly missed: readonly DeliveryRef[];
  /**
   * Set when more were missed than could be named, which came before all that are: since when, ISO 8601; empty where
   * that is not known.
   */
  readonly moreSince?: string | undefined;
}

/** A row may appear later than a younger one; one that is older than the newest by more than this is history. */
const overlapMs = 60 * 60_000;
const mostSeen = 2_000;

/** What tells a row from all others, and nothing more. */
export function refOf({ id, webhookId, createdAt }: Delivery): DeliveryRef {
  return { id, ...(webhookId !== undefined && { webhookId }), ...(createdAt !== undefined && { createdAt }) };
}

function timeOf(row: { readonly createdAt?: string | undefined }): number {
  return Date.parse(row.createdAt ?? "");
}

function later(left: string, right: string): string {
  return Date.parse(right) > (Date.parse(left) || 0) ? right : left;
}

/** The creation time in a row's key. */
function timeInKey(key: string): string {
  return key.slice(key.lastIndexOf("|") + 1);
}

/** The mark of the first reading: its rows are done with, and all that is older than them. */
export function firstMark(rows: readonly Delivery[]): PollMark {
  const since = rows.at(-1)?.createdAt ?? "";
  return markOf(rows, { newest: "", since, seen: [], missed: [] });
}

/**
 * The mark after some rows.
 * @param rows done with now, in any order
 * @param before the mark until now
 */
export function markOf(rows: readonly Delivery[], before: PollMark): PollMark {
  const keys = [...new Set([...before.seen, ...rows.map(deliveryKey)])];
  const byTime = keys.toSorted((left, right) => timeInKey(left).localeCompare(timeInKey(right)));
  const dropped = byTime.slice(0, Math.max(0, byTime.length - mostSeen));
  return {
    newest: rows.reduce((newest, { createdAt = "" }) => later(newest, createdAt), before.newest),
    since: dropped.reduce((since, key) => later(since, timeInKey(key)), before.since),
    seen: byTime.slice(dropped.length),
    missed: before.missed,
    moreSince: before.moreSince,
  };
}

/** Rows that are not done with: oldest first, those of one moment in the order opposite to how they came. */
export function newRows(mark: PollMark, rows: readonly Delivery[]): readonly Delivery[] {
  const seen = new Set(mark.seen);
  const oldest = Date.parse(mark.newest) - overlapMs || 0;
  const history = Date.parse(mark.since) || 0;
  const fresh = rows.filter(
    (row) => row.id !== "" && !seen.has(deliveryKey(row)) && !(timeOf(row) < oldest) && !(timeOf(row) <= history),
  );
  return fresh.toReversed().toSorted((left, right) => timeOf(left) - timeOf(right) || 0);
}

/** In the order of their times; those of one moment, and those that tell none, stay as they stand. */
export function oldestFirst(refs: readonly DeliveryRef[]): readonly DeliveryRef[] {
  return refs.toSorted((left, right) => timeOf(left) - timeOf(right) || 0);
}

/** Reads what was written down; undefined for anything else. */
export function readMark(value: unknown): PollMark | undefined {
  const fields = recordOf(value);
  const seen = arrayField(fields, "seen");
  if (seen === undefined) return undefined;
  const missed = (arrayField(fields, "missed") ?? []).flatMap((entry): readonly DeliveryRef[] => {
    const ref = recordOf(entry);
    const id = textField(ref, "id");
    const webhookId = textField(ref, "webhookId");
    const createdAt = textField(ref, "createdAt");
    if (id === undefined) return [];
    return [{ id, ...(webhookId !== undefined && { webhookId }), ...(createdAt !== undefined && { createdAt }) }];
  });
  const { moreSince } = fields;
  return {
    ...(typeof moreSince === "string" && { moreSince }),
    newest: textField(fields, "newest") ?? "",
    since: textField(fields, "since") ?? "",
    seen: seen.filter((key) => typeof key === "string"),
    missed,
  };
}
