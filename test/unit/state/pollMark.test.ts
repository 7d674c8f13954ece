import { expect, test } from "vitest";
import type { Delivery } from "../../../src/core/model/delivery";
import { firstMark, newRows } from "../../../src/state/pollMark";

const row = (id: string, createdAt: string): Delivery => ({
  ...{ id, webhookId: "webhook_1", status: "delivered", createdAt },
  raw: "{}",
});

test("of rows of one moment that the first page ends between, none is handed on: they are history", () => {
  const first = [row("evt_3", "2026-04-10T12:00:01.000Z"), row("evt_2", "2026-04-10T12:00:00.000Z")];
  const mark = firstMark(first);
  const twin = row("evt_1", "2026-04-10T12:00:00.000Z");
  const later = row("evt_4", "2026-04-10T12:00:01.000Z");
  expect(newRows(mark, [later, ...first, twin])).toEqual([later]);
});
