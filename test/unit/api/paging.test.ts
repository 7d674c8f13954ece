import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pages, type Page, type PageFacts, type Position, type RawPage } from "../../../src/api/paging";

const call = { method: "GET", path: "/", purpose: "list" } as const;

/** Reads a whole list from a made-up server; fails when it asks more often than `most`. */
async function readAll(
  server: (position: Position) => { rows: readonly string[]; facts?: PageFacts },
  { most = 1000, start = { page: 1, offset: 0 }, ahead = 0 } = {},
): Promise<{ rows: readonly string[]; requests: number; pages: readonly Page<string>[] }> {
  let requests = 0;
  const fetch = async (position: Position): Promise<RawPage<string>> => {
    if (++requests > most) throw new Error(`more than ${most} requests`);
    const { rows, facts = {} } = server(position);
    return Promise.resolve({ rows: () => rows, received: rows.length, facts });
  };
  const read: Page<string>[] = [];
  for await (const page of pages(call, start, fetch, (row) => row, ahead)) read.push(page);
  return { rows: read.flatMap(({ rows }) => rows), requests, pages: read };
}

const all = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `row ${index}`);

describe("a server that tells the truth", () => {
  const kinds: Record<string, (total: number, limit: number, position: Position) => PageFacts> = {
    everything: (total, limit, { page }) => ({ page, limit, total, totalPages: Math.ceil(total / limit) }),
    "its total": (total, limit, { offset }) => ({ total, limit, offset }),
    "its pages": (total, limit, { page }) => ({ page, totalPages: Math.ceil(total / limit) }),
    "its limit": (_total, limit) => ({ limit }),
    nothing: () => ({}),
  };
  for (const [name, facts] of Object.entries(kinds)) {
    test(`and says ${name} is read whole, each row once`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.nat(3), async (total, limit, ahead) => {
          const rows = all(total);
          const server = (position: Position) => ({
            rows: rows.slice(position.offset, position.offset + limit),
            facts: facts(total, limit, position),
          });
          const read = await readAll(server, { ahead });
          expect(read.rows).toEqual(rows);
          expect(read.requests).toBeLessThanOrEqual(Math.max(1, Math.ceil(total / limit)) + 1);
        }),
      );
    });
  }

  test("asks for no page beyond the last one that the totals name", async () => {
    const rows = all(20);
    const server = ({ page, offset }: Position) => ({
      rows: rows.slice(offset, offset + 10),
      facts: { page, limit: 10, total: 20, totalPages: 2 },
    });
    expect((await readAll(server)).requests).toBe(2);
  });

  test("asked ahead, has the next page on its way while one is worked on, and none that isn't promised", async () => {
    const asked: number[] = [];
    const fetch = async ({ page }: Position): Promise<RawPage<string>> => {
      asked.push(page);
      return Promise.resolve({ rows: () => [`row ${page}`], received: 1, facts: { page, totalPages: 3 } });
    };
    const asks: number[] = [];
    for await (const page of pages(call, { page: 1, offset: 0 }, fetch, (row) => row, 1)) {
      expect(page.rows).toHaveLength(1);
      asks.push(asked.length);
    }
    expect(asks).toEqual([2, 3, 3]);
  });

  test("an empty list is one page, with its total", async () => {
    const read = await readAll(() => ({ rows: [], facts: { total: 0, totalPages: 0, page: 1, limit: 10 } }));
    expect(read.requests).toBe(1);
    expect(read.pages).toEqual([{ rows: [], facts: { total: 0, totalPages: 0, page: 1, limit: 10 }, last: true }]);
  });

  test("beginning in the middle reads the rest", async () => {
    const rows = all(25);
    const server = ({ offset }: Position) => ({ rows: rows.slice(offset, offset + 10), facts: { total: 25, offset } });
    expect((await readAll(server, { start: { page: 1, offset: 12 } })).rows).toEqual(rows.slice(12));
  });
});

describe("a server that doesn't", () => {
  test("the same rows for ever", async () => {
    const read = await readAll(() => ({ rows: ["a", "b"], facts: { page: 1, limit: 2, total: 100, totalPages: 50 } }));
    expect(read).toMatchObject({ rows: ["a", "b"], requests: 2 });
  });

  test("empty pages with a large total", async () => {
    expect(await readAll(() => ({ rows: [], facts: { total: 100, totalPages: 10 } }))).toMatchObject({ requests: 1 });
  });

  test("a total that is less than what came", async () => {
    const rows = all(25);
    const server = ({ offset }: Position) => ({
      rows: rows.slice(offset, offset + 10),
      facts: { total: 3, totalPages: 0, limit: 10 },
    });
    expect((await readAll(server)).rows).toEqual(rows);
  });

  test("totals that contradict each other: one more page settles it", async () => {
    const rows = all(25);
    const server = ({ page, offset }: Position) => ({
      rows: rows.slice(offset, offset + 10),
      facts: { page, total: 25, totalPages: 1 },
    });
    expect((await readAll(server)).rows).toEqual(rows);
  });

  test("rows that move to the next page meanwhile come once", async () => {
    const server = ({ page }: Position) => ({ rows: page === 1 ? ["a", "b"] : page === 2 ? ["b", "c"] : [] });
    expect((await readAll(server)).rows).toEqual(["a", "b", "c"]);
  });

  test("new rows without end are stopped", async () => {
    let next = 0;
    const endless = readAll(() => ({ rows: [`row ${next++}`] }), { most: 20_000 });
    await expect(endless).rejects.toMatchObject({ kind: "malformedResponse" });
  });

  test("whatever it says, reading ends and gives no row twice", async () => {
    const number = fc.option(fc.nat(50), { nil: undefined });
    const facts: fc.Arbitrary<PageFacts> = fc.record({
      page: number,
      limit: number,
      offset: number,
      total: number,
      totalPages: number,
    });
    const answer = fc.record({ rows: fc.array(fc.constantFrom(...all(30)), { maxLength: 10 }), facts });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 20 }), fc.nat(3), async (answers, ahead) => {
        let index = 0;
        const read = await readAll(() => answers[index++ % answers.length] ?? { rows: [] }, { most: 40, ahead });
        const later = read.pages.slice(1).flatMap(({ rows }) => [...new Set(rows)]);
        expect(new Set(later).size).toBe(later.length);
        expect(read.requests).toBeLessThanOrEqual(32);
      }),
    );
  });
});
