import { Problem } from "./problem";
import type { DeliveryRecord, DeliveryStatus } from "./records";

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

/** The deliveries that a query matches, in its order. */
export function select(deliveries: Iterable<DeliveryRecord>, query: DeliveryQuery): DeliveryRecord[] {
  const matched: DeliveryRecord[] = [];
  for (const delivery of deliveries) {
    const day = delivery.createdAt.slice(0, 10);
    if (query.status !== undefined && delivery.status !== query.status) continue;
    if (query.startDate !== undefined && day < query.startDate) continue;
    if (query.endDate !== undefined && day > query.endDate) continue;
    matched.push(delivery);
  }
  const sign = query.sortOrder === "asc" ? 1 : -1;
  const key = (delivery: DeliveryRecord): string | number =>
    query.sortBy === "attempts" ? delivery.attempts.length : (delivery[query.sortBy] ?? "");
  return matched.sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    return a < b ? -sign : a > b ? sign : left.id < right.id ? -sign : sign;
  });
}
