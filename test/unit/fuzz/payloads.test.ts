import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { Body } from "../../../src/api/body";
import { PacSpaceError } from "../../../src/core/errors";
import { readDelivery } from "../../../src/core/model/delivery";
import { readDeliveryDetail } from "../../../src/core/model/deliveryDetail";
import { visibleText } from "../../../src/core/model/visibleText";
import { readWebhook, webhookHealth, webhookLabel } from "../../../src/core/model/webhook";
import { readAddress, writeAddress } from "../../../src/host/documents/documentAddress";
import { presentDelivery, titleOf } from "../../../src/host/panel/presentDelivery";
import { deliveryViewSchema } from "../../../src/protocol/deliveryView";
import { JsonTable } from "../../../src/webview/json/jsonTable";
import { JsonTree } from "../../../src/webview/json/jsonTree";
import { readJson } from "../../../src/webview/json/readJson";
import { assertPrototypesClean, damaged, hostileText, hostileTexts, hostileValue, nested } from "../../fuzz/hostile";
import { mutated } from "../../fuzz/mutated";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";

/** What must not be in a text that a person decides by. */
const unseen = /[\p{Cc}\p{Cs}\u2028\u2029\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]/u;

const row = {
  id: "evt_1",
  event: "delta.verified",
  webhookId: "webhook_1",
  endpoint: "https://example.com/hook",
  status: "failed",
  createdAt: "2026-04-10T12:00:00.000Z",
  attempts: 1,
  httpStatus: 500,
  error: "Internal Server Error",
  payload: { event: "delta.verified", data: { delta: 1.5 } },
  requestHeaders: { "X-Event-ID": "evt_1", "X-PacSpace-Timestamp": "1775822400" },
  responseBody: "no",
  attemptLog: [{ number: 1, startedAt: "2026-04-10T12:00:00.000Z", durationMs: 4, error: "reset", responseBody: "no" }],
};
const webhook = { id: "webhook_1", url: "https://example.com/hook", description: "Billing", successCount: 1 };

/** Reads a row as the client does, and presents it as the host does. */
function present(value: unknown, raw: string) {
  const delivery = readDelivery(value, raw);
  return { delivery, view: presentDelivery(delivery, readDeliveryDetail(delivery), undefined) };
}

describe("rows of the API, damaged", () => {
  test(
    "are read and presented, whatever they hold; what a person decides by is visible",
    () => {
      const random = new Random(fuzzSeed);
      for (let round = 0; round < fuzzRuns; round++) {
        const value = damaged(random, random.below(4) === 0 ? damaged(random, row) : row);
        const raw = random.below(5) === 0 ? mutated(random, JSON.stringify(value)) : JSON.stringify(value);
        const { delivery, view } = present(JSON.parse(JSON.stringify(value)), raw);
        const issues = v.safeParse(deliveryViewSchema, structuredClone(view)).issues;
        if (issues !== undefined) throw new Error(`round ${round}: ${issues.map(({ message }) => message).join("; ")}`);
        const { id, status, event, endpoint, error, webhookId, requestHeaders, responseHeaders, attempts } = view;
        const told = [id, status, event, endpoint, error, webhookId, titleOf(delivery)].concat(
          ...[...requestHeaders, ...responseHeaders].map(({ name, value: text }) => [name, text]),
          attempts.map((attempt) => attempt.error),
        );
        for (const text of told) {
          if (text !== undefined && (unseen.test(text) || text.length > 600_000)) {
            throw new Error(`round ${round}: ${JSON.stringify(text).slice(0, 300)}`);
          }
        }
      }
      assertPrototypesClean();
    },
    fuzzTimeoutMs,
  );

  test(
    "webhooks among them: read with an id, or not at all",
    () => {
      const random = new Random(fuzzSeed);
      let read = 0;
      for (let round = 0; round < fuzzRuns; round++) {
        const known = readWebhook(damaged(random, webhook));
        if (known === undefined) continue;
        read++;
        const label = webhookLabel(known);
        if (unseen.test(label) || label.length > 4_000) throw new Error(`round ${round}: ${JSON.stringify(label)}`);
        expect(["enabled", "disabled", "failing"]).toContain(webhookHealth(known));
      }
      expect(read).toBeGreaterThan(fuzzRuns / 2);
      assertPrototypesClean();
    },
    fuzzTimeoutMs,
  );
});

/** Whether a text is a JSON object or array. */
function parses(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

test(
  "JSON in the inspector, damaged: a tree exactly where JSON.parse reads it too",
  () => {
    const random = new Random(fuzzSeed);
    const counts = { tree: 0, none: 0 };
    for (let round = 0; round < fuzzRuns; round++) {
      const whole = JSON.stringify([hostileValue(random)], undefined, random.below(3));
      const text = random.below(2) === 0 ? mutated(random, whole) : whole;
      const result = readJson(text, false);
      const isJson = parses(text);
      if (result instanceof JsonTable !== isJson) {
        const why = result instanceof JsonTable ? "read" : `refused: ${result.message}`;
        // A bare number, string or literal is JSON that is no tree.
        if (!(result instanceof JsonTable && result.length === 1))
          throw new Error(`round ${round}: ${why}: ${text.slice(0, 300)}`);
      }
      counts[isJson ? "tree" : "none"]++;
      if (result instanceof JsonTable) new JsonTree(result);
    }
    expect(Math.min(counts.tree, counts.none)).toBeGreaterThan(fuzzRuns / 10);
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);

test(
  "addresses of documents, damaged: none, or one that leads to a delivery's text alone",
  () => {
    const random = new Random(fuzzSeed);
    const address = {
      environment: "https://app.pacspace.io",
      delivery: { id: "evt_1", webhookId: "webhook_1", createdAt: "2026-04-10T12:00:00.000Z" },
      part: "answer",
      attempt: 1,
      form: "laidOut",
    } as const;
    const whole: unknown = JSON.parse(writeAddress(address, "test", "json").query);
    let read = 0;
    for (let round = 0; round < fuzzRuns; round++) {
      const query = JSON.stringify(damaged(random, whole));
      const found = readAddress(random.below(2) === 0 ? mutated(random, query) : query);
      if (found === undefined) continue;
      read++;
      const written = writeAddress(found, hostileText(random), "json");
      // Each part of the path is a name that any file system takes, and the address is found again.
      if (!/^\/[\w.-]+\/[\w.-]+$/.test(written.path) || /\/\.{1,2}(\/|$)/.test(written.path)) {
        throw new Error(`round ${round}: ${written.path}`);
      }
      expect(readAddress(written.query), `round ${round}`).toEqual(found);
    }
    expect(read).toBeGreaterThan(fuzzRuns / 10);
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);

test(
  "bodies in random pieces: every byte comes, in its order, whatever was read meanwhile",
  async () => {
    const random = new Random(fuzzSeed);
    for (let round = 0; round < fuzzRuns; round++) {
      const whole = Buffer.from(
        hostileText(random) + String.fromCharCode(random.below(65_536)).repeat(random.below(200)),
        random.below(2) === 0 ? "utf8" : "latin1",
      );
      const body = new Body({ pause: () => undefined, resume: () => undefined, abort: () => undefined });
      const taken: Uint8Array[] = [];
      for (let at = 0; at < whole.length;) {
        const to = at + 1 + random.below(40);
        body.push(whole.subarray(at, to));
        at = to;
        if (random.below(3) > 0) continue;
        const next = await body.next();
        if (next.value !== undefined) taken.push(next.value);
      }
      body.end();
      for await (const chunk of body) taken.push(chunk);
      if (!Buffer.concat(taken).equals(whole)) throw new Error(`round ${round}: ${whole.toString("hex")}`);
    }
  },
  fuzzTimeoutMs,
);

describe("what is large", () => {
  const large = "x\u202e<b>".repeat(2_000_000);

  test("texts of 10 MB in every field are cut where they are told, and whole where they are shown", () => {
    const value = { ...row, id: large, event: large, error: large, endpoint: large, responseBody: large };
    const raw = JSON.stringify(value);
    const { delivery, view } = present(value, raw);
    for (const text of [view.id, view.event, view.error, view.endpoint, titleOf(delivery)]) {
      expect(text!.length).toBeLessThan(20_000);
      expect(text).not.toMatch(unseen);
    }
    expect(view.response).toMatchObject({ cut: true, bytes: Buffer.byteLength(large) });
    expect(delivery.raw).toBe(raw);
    expect(new PacSpaceError("notFound", `PacSpace has no delivery ${large}.`).message.length).toBeLessThan(20_000);
    expect(webhookLabel({ id: "webhook_1", url: "", description: large, enabled: true }).length).toBeLessThan(4_000);
  });

  test.each([100, 100_000])("%i levels within each other are read and shown", (levels) => {
    const text = levels > 1_000 ? "[".repeat(levels) + "]".repeat(levels) : JSON.stringify(nested(levels));
    expect(readJson(text, false)).toBeInstanceOf(JsonTable);
    const raw = `{"id":"evt_1","status":"failed","payload":${text}}`;
    expect(present({ id: "evt_1", status: "failed" }, raw).view.payload?.bytes).toBe(text.length);
  });
});

describe("text that a person decides by", () => {
  test.each(hostileTexts.map((text) => [JSON.stringify(text), text]))("%s is visible as it is", (_name, text) => {
    expect(visibleText(text)).not.toMatch(unseen);
    expect(visibleText(visibleText(text))).toBe(visibleText(text));
  });

  test("in any script is left as it is", () => {
    for (const text of ["Prüfarchiv (監査)", "שלום עולם", "مرحبا", "نامه‌ای", "👨‍👩‍👧 🏳️‍🌈", "a\u00a0b"]) {
      expect(visibleText(text)).toBe(text);
    }
  });

  test("says what was hidden in it, and that it was cut", () => {
    expect(visibleText("invoice\u202egpj.exe")).toBe("invoice\\u202egpj.exe");
    expect(visibleText("\u001b[2Jgone\r\n")).toBe("\\u001b[2Jgone\\r\\n");
    expect(visibleText("\u{e0041}")).toBe("\\u{e0041}");
    expect(visibleText("abcdef", 4)).toBe("abc…");
  });
});
