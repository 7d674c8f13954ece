import { expect, test } from "vitest";
import { DeliveryIndex, type DeliveryRow } from "../../../src/local/deliveryIndex";
import { DeliverySearch, type DeliveryQuery } from "../../../src/local/query";
import type { DeliveryStatus } from "../../../src/local/records";
import { Random } from "../../fuzz/random";

const start = Date.parse("2026-04-08T00:00:00Z");
const statuses: readonly [DeliveryStatus, ...DeliveryStatus[]] = ["pending", "delivered", "failed"];
const days = [undefined, "2026-04-07", "2026-04-08", "2026-04-09", "2026-04-12"] as const;

/** What a query means, said in the plainest way. */
function plainly(rows: readonly DeliveryRow[], query: DeliveryQuery): readonly DeliveryRow[] {
  const { status, startDate, endDate, sortBy, sortOrder } = query;
  const day = (row: DeliveryRow): string => new Date(row.createdAt).toISOString().slice(0, 10);
  const matched = rows
    .filter((row) => status === undefined || row.status === status)
    .filter((row) => startDate === undefined || day(row) >= startDate)
    .filter((row) => endDate === undefined || day(row) <= endDate)
    .toSorted((left, right) => left.createdAt - right.createdAt || left.number - right.number)
    .toSorted((left, right) => left[sortBy] - right[sortBy]);
  return sortOrder === "asc" ? matched : matched.reverse();
}

test("a search finds what its query says, whatever was added and changed before, in whatever order", () => {
  const random = new Random(20_260_410);
  const index = new DeliveryIndex();
  const search = new DeliverySearch(index);
  const known: DeliveryRow[] = [];
  for (let round = 0; round < 3_000; round++) {
    const old = random.below(3) === 0 ? known[random.below(known.length)] : undefined;
    const [id, webhookId] =
      old === undefined ? [`evt_${random.below(2_000)}`, `webhook_${random.below(3)}`] : [old.id, old.webhookId];
    const before = index.find(id, webhookId);
    // Mostly later than all before; at times a clock goes back, or two come at once.
    const createdAt = before?.createdAt ?? start + (random.below(5) === 0 ? random.below(round + 1) : round) * 60_000;
    const deliveredAt = random.below(2) === 0 ? 0 : createdAt + 5;
    index.put(["d", id, webhookId, createdAt, random.pick(statuses), deliveredAt, random.below(4)], {
      offset: round,
      length: 1,
    });
    const row = index.find(id, webhookId);
    if (before === undefined && row !== undefined) known.push(row);
    if (round % 10 > 0) continue;
    const [status, startDate, endDate] = [random.pick([undefined, ...statuses]), random.pick(days), random.pick(days)];
    const query: DeliveryQuery = {
      ...(status !== undefined && { status }),
      ...(startDate !== undefined && { startDate }),
      ...(endDate !== undefined && { endDate }),
      sortBy: random.pick(["createdAt", "deliveredAt", "attempts"]),
      sortOrder: random.pick(["asc", "desc"]),
    };
    const expected = plainly(known, query);
    const [limit, offset] = [1 + random.below(40), random.below(expected.length + 20)];
    const page = search.page(query, { limit, offset });
    expect(page.total).toBe(expected.length);
    expect(page.rows.map(({ number }) => number)).toEqual(
      expected.slice(offset, offset + limit).map(({ number }) => number),
    );
    expect(search.all(query)).toHaveLength(expected.length);
  }
  expect(known.length).toBeGreaterThan(1_000);
});
