import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../../src/api/call";
import { openEnvelope } from "../../../src/api/envelope";
import { pageFacts, rowsOf, rowTexts } from "../../../src/api/rows";
import type { TextAnswer } from "../../../src/api/transport";
import { createWebhooksApi } from "../../../src/api/webhooksApi";
import { isPacSpaceError } from "../../../src/core/errors";

const call: Call = { method: "GET", path: "/", purpose: "list the deliveries" };

function answer(text: string): TextAnswer {
  return { status: 200, text, setsCookies: false, secrets: [] };
}

/** The routes' readers over answers that never saw a socket: the transport's part is tested over real ones. */
function apiAnswering(text: string) {
  return createWebhooksApi({
    text: () => Promise.resolve(answer(text)),
    stream: () => Promise.reject(new Error("No route but the export streams")),
  });
}

describe("envelopes", () => {
  test.each<[string, unknown]>([
    ['{"success":true,"data":{"a":1}}', { a: 1 }],
    ['{"statusCode":200,"data":[1]}', [1]],
    ['{"success":true,"data":null}', null],
    ['{"id":"x"}', { id: "x" }],
    ["[1]", [1]],
    ['{"success":true,"data":{"success":false,"httpStatus":500}}', { success: false, httpStatus: 500 }],
    ['{"success":false,"data":{"success":false,"httpStatus":500}}', { success: false, httpStatus: 500 }],
    ['{"success":true,"data":{"a":1},"error":null}', { a: 1 }],
  ])("%s", (text, data) => {
    expect(openEnvelope(call, answer(text)).data).toEqual(data);
  });

  test.each([
    ['{"success":false,"message":"No such plan"}', "invalid", "No such plan"],
    ['{"success":false,"data":{},"message":"No such plan"}', "invalid", "No such plan"],
    ['{"statusCode":404,"message":"Not Found"}', "notFound", "Not Found"],
    ['{"statusCode":401,"data":null,"message":"Unauthorized"}', "auth", "Unauthorized"],
    ['{"error":{"code":"X","message":"Nope"}}', "invalid", "Nope"],
    ["", "malformedResponse", "empty"],
    ['{"success":true,"data":{"web', "malformedResponse", "cut short"],
    ["hello", "malformedResponse", "JSON"],
  ])("%j is an error in spite of its status", (text, kind, words) => {
    try {
      openEnvelope(call, answer(text));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ kind });
      expect(String(error)).toContain(words);
    }
  });
});

describe("lists of deliveries", () => {
  const rows = '[ {"id":"evt_1", "n":12345678901234567890},{"id":"evt_2","a":1,"a":2} ]';
  const texts = ['{"id":"evt_1", "n":12345678901234567890}', '{"id":"evt_2","a":1,"a":2}'];
  test.each([
    `{"success":true,"data":{"deliveries":${rows},"pagination":{"total":2,"limit":20,"offset":0}}}`,
    `{"success":true,"data":{"items":${rows},"total":2,"limit":20}}`,
    `{"success":true,"data":${rows},"pagination":{"page":1,"limit":20,"total":2,"totalPages":1}}`,
    `{"statusCode":200,"data":${rows},"meta":{"total":2,"limit":20}}`,
    `{"deliveries":${rows},"total":2,"limit":20}`,
    `{"data":{"deliveries":[]},"data":{"deliveries":${rows},"total":2,"limit":20}}`,
  ])("%s", async (text) => {
    const page = await apiAnswering(text).deliveryPage({});
    expect(page.deliveries.map(({ raw }) => raw)).toEqual(texts);
    expect(page).toMatchObject({ total: 2, last: true });
  });

  test("a bare list has no totals", async () => {
    const page = await apiAnswering(rows).deliveryPage({});
    expect(page.deliveries.map(({ raw }) => raw)).toEqual(texts);
    expect(page).not.toHaveProperty("total");
  });
});

const names = fc.constantFrom(
  ...["success", "data", "deliveries", "items", "webhooks", "webhook", "pagination", "meta", "total", "totalPages"],
  ...[
    "page",
    "limit",
    "offset",
    "id",
    "eventId",
    "url",
    "secret",
    "enabled",
    "active",
    "message",
    "error",
    "statusCode",
  ],
  ...["status", "createdAt", "attempts", "httpStatus", "payload", "__proto__", "constructor", "toString", "0"],
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.boolean(),
    fc.constantFrom("webhook_1", "evt_1", "whsec_1", "200", "-1", "1e999"),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie("json")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

test("any JSON in place of any field never throws in the readers of lists", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(value);
      const content = { data: value, value, path: [] };
      pageFacts(content);
      const found = rowsOf(content, "deliveries", "items");
      if (found !== undefined) expect(rowTexts(text, content, found)).toHaveLength(found.rows.length);
    }),
    { numRuns: 300 },
  );
});

test("any JSON as the answer of any route is a result or a PacSpaceError, and never shows a secret", async () => {
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const text = JSON.stringify({ success: true, data: value });
      const api = apiAnswering(text);
      const lists = async () => {
        for await (const page of api.list()) expect(page.webhooks).toBeInstanceOf(Array);
        for await (const page of api.deliveries({ limit: 5 })) expect(page.deliveries).toBeInstanceOf(Array);
      };
      const calls = [
        api.create({ url: "https://example.com" }),
        api.get("webhook_1"),
        api.toggle("webhook_1"),
        api.test("webhook_1"),
        api.delete("webhook_1"),
        api.deliveryPage({}),
        api.retryDelivery("evt_1"),
        lists(),
      ];
      for (const result of await Promise.allSettled(calls)) {
        if (result.status === "fulfilled") continue;
        expect(isPacSpaceError(result.reason)).toBe(true);
        expect(String(result.reason)).not.toContain("whsec_1");
      }
    }),
    { numRuns: 200 },
  );
});

test("a created webhook without its secret is an error that says what to do", async () => {
  const text = '{"success":true,"data":{"id":"webhook_1","url":"https://example.com","enabled":true}}';
  await expect(apiAnswering(text).create({ url: "https://example.com" })).rejects.toMatchObject({
    kind: "malformedResponse",
    uncertain: true,
    message: expect.stringMatching(/webhook_1 but sent no secret.*Delete the webhook and create it again/) as string,
  });
});
