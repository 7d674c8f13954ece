import type { DeliveryRow } from "./deliveryIndex";

/** The first index at which something holds that holds for all that follow; `length` when it never does. */
function firstWhere(length: number, holds: (index: number) => boolean): number {
  let from = 0;
  let until = length;
  while (from < until) {
    const middle = (from + until) >>> 1;
    if (holds(middle)) until = middle;
    else from = middle + 1;
  }
  return from;
}

/** Rows in order of their creation, those of one moment in the order in which they became known. */
export class DeliveryList {
  readonly #rows: DeliveryRow[] = [];

  get rows(): readonly DeliveryRow[] {
    return this.#rows;
  }

  #row(index: number): DeliveryRow {
    const row = this.#rows[index];
    if (row === undefined) throw new RangeError(`There is no row ${index}.`);
    return row;
  }

  /** Where a row stands, or would stand. */
  #position({ createdAt, number }: DeliveryRow): number {
    return firstWhere(this.#rows.length, (index) => {
      const row = this.#row(index);
      return row.createdAt > createdAt || (row.createdAt === createdAt && row.number >= number);
    });
  }

  /** Adds a row; the newest one, which is nearly every one, without a search. */
  add(row: DeliveryRow): void {
    const last = this.#rows.at(-1);
    const isNewest =
      last === undefined ||
      last.createdAt < row.createdAt ||
      (last.createdAt === row.createdAt && last.number < row.number);
    if (isNewest) this.#rows.push(row);
    else this.#rows.splice(this.#position(row), 0, row);
  }

  /** Takes out a row that is here. */
  remove(row: DeliveryRow): void {
    this.#rows.splice(this.#position(row), 1);
  }

  /** How many rows were created before a time, in milliseconds since 1970. */
  before(time: number): number {
    return firstWhere(this.#rows.length, (index) => this.#row(index).createdAt >= time);
  }
}
