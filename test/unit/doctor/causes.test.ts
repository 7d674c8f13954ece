import { describe, expect, test } from "vitest";
import { allCauses } from "../../../src/core/doctor/causes";

describe("the list of causes", () => {
  test("names each cause once and completely", () => {
    expect(new Set(allCauses.map(({ id }) => id)).size).toBe(allCauses.length);
    for (const { id, happened, change, mending } of allCauses) {
      expect(id).toMatch(/^[a-z]+(?:[A-Z][a-z]+)*\.[a-zA-Z0-9]+$/);
      expect(happened).toMatch(/^[A-Z].*[^.]$/);
      expect(change).toMatch(/^[A-Z].*\.$/s);
      for (const code of Object.values(mending)) expect(code.split("\n").length).toBeLessThanOrEqual(6);
    }
  });
});
