import { createHash } from "node:crypto";
import { differingSnippets } from "../../src/core/doctor/bytes";
import { causeOf } from "../../src/core/doctor/causes";
import { readDelivery } from "../../src/core/model/delivery";
import { readDeliveryDetail } from "../../src/core/model/deliveryDetail";
import type { Diagnosis, Finding, Framework } from "../../src/core/model/diagnosis";
import type { VerdictKind } from "../../src/core/model/verdict";
import { signatureOf } from "../../src/core/signature/sign";
import { presentDelivery } from "../../src/host/panel/presentDelivery";
import { presentOutcome } from "../../src/host/panel/presentOutcome";
import type { DeliveryView } from "../../src/protocol/deliveryView";
import type { Subject } from "../../src/protocol/hostMessages";
import type { PanelTarget } from "../../src/protocol/panelState";
import type { CheckOutcome } from "../../src/protocol/outcomeView";
import type { VerificationView } from "../../src/protocol/verificationView";

/** A secret of no webhook. */
const secret = "whsec_of_the_samples";
const timestamp = "1775822400";

/** A body in which a reader that parses and prints again would change something in every line. */
export const payloadText = [
  '{"event":"delta.failed","timestamp":"2026-04-10T12:00:00.000Z","data":{',
  '"recordId":"rec_68fe88d26e","customerId":"cust_e370d409","sequenceNumber":12345678901234567890,',
  '"delta":-19.760,"delta":1E+2,"note":"caf\\u00e9 \\/ café","flags":[true,false,null],"tags":[ ],"meta":{ },',
  '"error":"The record\'s hash does not match its receipt, and this sentence is long enough to be wrapped in any panel"}}',
].join("");

const signature = signatureOf(secret, timestamp, Buffer.from(payloadText));

export const hostileAnswer = `<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1>
<script>document.title = "owned"</script><img src="x" onerror="document.title = 'owned'"></body></html>`;

const requestHeaders = {
  Host: "billing.example.com",
  "Content-Type": "application/json",
  "User-Agent": "PacSpace-Webhooks/1.0",
  "X-PacSpace-Signature": signature,
  "X-PacSpace-Timestamp": timestamp,
  "X-Webhook-Event": "delta.failed",
  "X-Event-ID": "evt_85de38b85594ea723264",
};

const failedRow = `{"id":"evt_85de38b85594ea723264","event":"delta.failed","webhookId":"wh_7c1d","endpoint":"https://billing.example.com/webhooks/pacspace","status":"failed","createdAt":"2026-04-10T12:00:00.000Z","deliveredAt":null,"attempts":3,"httpStatus":502,"error":"The endpoint answered 502 Bad Gateway","durationMs":1840,"payload":${payloadText},"requestHeaders":${JSON.stringify(requestHeaders)},"responseHeaders":{"Content-Type":"text/html","Set-Cookie":["a=1; Path=/","b=2; Path=/"]},"responseBody":${JSON.stringify(hostileAnswer)},"attemptLog":[{"at":"2026-04-10T12:00:00.000Z","error":"No answer within 10 seconds","durationMs":10000},{"at":"2026-04-10T12:00:40.000Z","httpStatus":500,"durationMs":212,"responseBody":"{\\"error\\":\\"database is locked\\"}"},{"at":"2026-04-10T12:05:40.000Z","httpStatus":502,"durationMs":1840,"responseBody":${JSON.stringify(hostileAnswer)}}]}`;

const deliveredRow =
  '{"id":"evt_1","event":"receipt.generated","webhookId":"wh_7c1d","status":"delivered","createdAt":"2026-04-10T12:00:00Z","deliveredAt":"2026-04-10T12:00:01Z","attempts":1,"httpStatus":200,"responseBody":"ok"}';

export function viewOf(raw: string, label?: string): DeliveryView {
  const delivery = readDelivery(JSON.parse(raw), raw);
  return presentDelivery(delivery, readDeliveryDetail(delivery), label);
}

export const failed = viewOf(failedRow, "Billing");
export const delivered = viewOf(deliveredRow, "Billing");
/** A row of which nothing but its id is known. */
export const bare = viewOf('{"id":"evt_bare"}');
/** Bytes that no text stands for. */
export const notText = viewOf('{"id":"evt_bytes","status":"failed","bodyBase64":"e/8i"}');
export const large = viewOf(
  `{"id":"evt_large","event":"customer.created","status":"pending","attempts":0,"payload":{"rows":[${'{"n":1.0},'.repeat(40_000)}0]}}`,
);

export const target: PanelTarget = {
  environment: "https://app.pacspace.io",
  delivery: { id: failed.id, webhookId: "wh_7c1d", createdAt: "2026-04-10T12:00:00.000Z" },
};

export function showing(delivery: DeliveryView): Subject {
  return { kind: "delivery", delivery };
}

export const fields = { signature, timestamp };

export const desk: VerificationView = {
  environment: "Production",
  hasPayload: true,
  body: {
    source: "payload",
    bytes: Buffer.byteLength(payloadText),
    sha256: createHash("sha256").update(payloadText).digest("hex"),
    note: "Taken out of the API's answer as it stands there.",
  },
  keys: [
    { webhookId: "wh_7c1d", label: "Billing", fingerprint: "0a1b2c3d" },
    {
      webhookId: "wh_9e2f",
      label: "A webhook with a rather long description, as people write them",
      fingerprint: "4e5f6071",
    },
  ],
  key: { kind: "stored", webhookId: "wh_7c1d" },
  framework: "express",
};

export const emptyDesk: VerificationView = {
  environment: "Production",
  hasPayload: false,
  keys: [],
  key: { kind: "all" },
  framework: "express",
};

function finding(
  id: string,
  certainty: Finding["certainty"],
  detail: string,
  sides?: Pick<Finding, "before" | "after">,
): Finding {
  const cause = causeOf(id);
  if (cause === undefined) throw new Error(`${id} is no cause`);
  return { id, certainty, detail, change: cause.change, mending: cause.mending, ...sides };
}

/** An answer as the host presents it. */
function answer(
  verdict: VerdictKind,
  findings: readonly Finding[],
  facts: Partial<Diagnosis>,
  framework: Framework = "express",
): CheckOutcome {
  const label = facts.matchedWebhookId === undefined ? undefined : "Billing";
  const tried = facts.attempts?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const diagnosis = {
    verdict,
    findings,
    causes: findings,
    attempts: [],
    tried,
    elapsedMs: 4.2,
    outOfTime: false,
    ...facts,
  };
  return presentOutcome(diagnosis, framework, label, 259_200);
}

const asReceived = { family: "as received", count: 2, elapsedMs: 0.21 };
const matched = { matchedWebhookId: "wh_7c1d", attempts: [asReceived] };
const pretty = JSON.stringify(JSON.parse(payloadText), undefined, 2);

const damaged = (framework: Framework): CheckOutcome =>
  answer(
    "invalid",
    [
      finding(
        "body.reserialized",
        "proven",
        "The body was parsed and printed again on the way: printed as compact JSON, it matches.",
        differingSnippets(Buffer.from(pretty), Buffer.from(payloadText)),
      ),
      finding(
        "body.trailingNewline",
        "proven",
        "A final newline was added or lost: without it, it matches.",
        differingSnippets(Buffer.from(`${payloadText}\n`), Buffer.from(payloadText)),
      ),
      finding("secret.notASecret", "likely", "What was given as the secret looks like an API key."),
    ],
    {
      ...matched,
      attempts: [asReceived, { family: "the body", count: 1_202, elapsedMs: 3.87 }],
    },
    framework,
  );

export const inGo = damaged("go");

export const outcomes = {
  valid: answer("valid", [], matched),
  expired: answer(
    "expired",
    [finding("timestamp.stale", "proven", "It was signed 3 days ago; the tolerance is 300 seconds.")],
    matched,
  ),
  invalid: damaged("express"),
  unexplained: answer("invalid", [], {
    attempts: [asReceived, { family: "two changes of the body", count: 812_004, elapsedMs: 9_812 }],
    elapsedMs: 10_003,
    outOfTime: true,
    nextFact:
      "The stored delivery of this X-Event-ID: its body tells whether the secret is wrong or the body was changed.",
  }),
  malformed: answer(
    "malformed",
    [finding("signature.missing", "proven", "There is no X-PacSpace-Signature header, or it is empty.")],
    { nextFact: "A request with PacSpace's signature header: look at what the proxy in front receives." },
  ),
} satisfies Readonly<Record<string, CheckOutcome>>;

export const pastedDesk: VerificationView = {
  ...desk,
  hasPayload: false,
  request: {
    readAs: "a curl command",
    from: "the clipboard",
    headers: 9,
    notes: ["It came as text: its bytes are those in UTF-8, and line ends may have changed on the way."],
  },
  body: { source: "request", bytes: Buffer.byteLength(payloadText), sha256: desk.body?.sha256 ?? "" },
  outcome: outcomes.invalid,
};
