import type { DeliveryIndex, DeliveryRow } from "./deliveryIndex";
import { Problem } from "./problem";
import type { DeliveryStatus } from "./records";

const statuses: readonly string[] = ["pending", "delivered", "failed"];
const sortKeys = ["createdAt", "deliveredAt", "attempts"] as const;
const highestLimit = 100;

export interface DeliveryQuery {
  readonly status?: DeliveryStatus;
  /** UTC days, both included. */
  readonly startDate?: string;
  readonly endDate?: string;
  readonly sortBy: (typeof sortKeys)[number];
  readonly sortOrder: "asc" | "desc";
}

class Reader {
  readonly problems: string[] = [];

  constructor(private readonly parameters: URLSearchParams) {}

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.parameters.get(name);
    if (value === null) return undefined;
    if ((allowed as readonly string[]).includes(value)) return value as T;
    this.problems.push(`${name} must be one of the following values: ${allowed.join(", ")}`);
    return undefined;
  }

  day(name: string): string | undefined {
    const value = this.parameters.get(name);
    if (value === null) return undefined;
    const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
    if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value;
    this.problems.push(`${name} must be a valid date in the format YYYY-MM-DD`);
    return undefined;
  }

  whole(name: string, least: number, fallback: number): number {
    const value = this.parameters.get(name);
    if (value === null) return fallback;
    if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
    this.problems.push(`${name} must be an integer not less than ${least}`);
    return fallback;
  }

  done(): void {
    if (this.problems.length > 0) throw new Problem(400, this.problems);
  }
}

/** Reads `page` (from 1) and `limit` (100 at most). Throws Problem 400. */
export function readPage(parameters: URLSearchParams): { readonly page: number; readonly limit: number } {
  const reader = new Reader(parameters);
  const page = reader.whole("page", 1, 1);
  const limit = Math.min(highestLimit, reader.whole("limit", 1, 10));
  reader.done();
  return { page, limit };
}

/** Reads `limit` (100 at most) and `offset`. Throws Problem 400. */
export function readWindow(parameters: URLSearchParams): { readonly limit: number; readonly offset: number } {
  const reader = new Reader(parameters);
  const limit = Math.min(highestLimit, reader.whole("limit", 1, 20));
  const offset = reader.whole("offset", 0, 0);
  reader.done();
  return { limit, offset };
}

/** Reads the export's `limit` and `offset`: all there is, unless they say otherwise. Throws Problem 400. */
export function readExportWindow(parameters: URLSearchParams): { readonly limit: number; readonly offset: number } {
  const reader = new Reader(parameters);
  const limit = reader.whole("limit", 1, Infinity);
  const offset = reader.whole("offset", 0, 0);
  reader.done();
  return { limit, offset };
}

/** Reads the delivery filters. Throws Problem 400 with one message for each that is wrong. */
export function readDeliveryQuery(parameters: URLSearchParams): DeliveryQuery {
  const reader = new Reader(parameters);
  const status = reader.oneOf("status", statuses as readonly DeliveryStatus[]);
  const startDate = reader.day("startDate");
  const endDate = reader.day("endDate");
  const sortBy = reader.oneOf("sortBy", sortKeys) ?? "createdAt";
  const sortOrder = reader.oneOf("sortOrder", ["asc", "desc"]) ?? "desc";
  reader.done();
  return {
    ...(status !== undefined && { status }),
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
    sortBy,
    sortOrder,
  };
}

const dayMs = 86_400_000;

/** Finds what a query matches. The newest of those that sort alike come first when descending. */
export class DeliverySearch {
  /** What was sorted last: pages of one list don't each sort anew. */
  #sorted: { readonly key: string; readonly rows: readonly DeliveryRow[] } | undefined;

  constructor(private readonly index: DeliveryIndex) {}

  /** Some of the deliveries that match, in the query's order, and how many match altogether. */
  page(
    query: DeliveryQuery,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): { readonly rows: readonly DeliveryRow[]; readonly total: number } {
    const { rows, from, until } = this.#ascending(query);
    const total = until - from;
    if (query.sortOrder === "asc")
      return { rows: rows.slice(from + offset, Math.min(until, from + offset + limit)), total };
    const end = Math.max(from, until - offset);
    return { rows: rows.slice(Math.max(from, end - limit), end).reverse(), total };
  }

  /** All deliveries that match, in the query's order. */
  all(query: DeliveryQuery): readonly DeliveryRow[] {
    return this.page(query, { limit: Infinity, offset: 0 }).rows;
  }

  /** Rows in ascending order, and the part of them that matches. */
  #ascending(query: DeliveryQuery): {
    readonly rows: readonly DeliveryRow[];
    readonly from: number;
    readonly until: number;
  } {
    const { status, startDate, endDate, sortBy } = query;
    const list = this.index.list(status);
    const from = startDate === undefined ? 0 : list.before(Date.parse(startDate));
    const until = endDate === undefined ? list.rows.length : list.before(Date.parse(endDate) + dayMs);
    // The days may be the wrong way round.
    if (sortBy === "createdAt") return { rows: list.rows, from, until: Math.max(from, until) };
    const key = [this.index.version, status, from, until, sortBy].join(" ");
    if (this.#sorted?.key !== key) {
      const rows = list.rows.slice(from, until).sort((left, right) => left[sortBy] - right[sortBy]);
      this.#sorted = { key, rows };
    }
    return { rows: this.#sorted.rows, from: 0, until: this.#sorted.rows.length };
  }
}
