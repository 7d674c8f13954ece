import { accepted, isAccepted, passed, spokenExchange } from "../judging";
import type { Exchange, Judgement, ProofCase } from "../proofCase";

/** Longest wait for an answer that PacSpace is taken to allow. */
const mostMs = 10_000;
/** Time for work that a handler does after its answer, before what it did is looked at. */
const settleMs = 300;

/** Cases run before all others: whether URL and secret fit at all. */
export const openingCases: readonly ProofCase[] = [
  {
    id: "valid-event",
    title: "A delivery as PacSpace sends it is accepted",
    requests: (make) => [make.delivery("a delivery as PacSpace sends it")],
    judge: (exchanges) => {
      const judgement = accepted("")(exchanges);
      const answer = exchanges[0]?.answer;
      if (judgement.outcome !== "failed" || judgement.fix !== "" || answer?.kind !== "answered") return judgement;
      return { ...judgement, fix: fixOfStatus(answer.status) };
    },
  },
  {
    id: "in-time",
    title: "The answer comes within 10 seconds",
    requests: (make) => [make.delivery("a delivery as PacSpace sends it")],
    judge: (exchanges) => {
      const slow = exchanges.find(({ answer }) => answer.kind === "timedOut" || answer.durationMs > mostMs);
      if (slow === undefined) return passed(exchanges);
      return {
        outcome: "failed",
        did: `After ${(slow.answer.durationMs / 1000).toFixed(1)} s: ${spokenExchange(slow)}`,
        should: "It should answer within 10 s.",
        fix: "Answer first and do slow work afterwards, in a queue or a background task.",
      };
    },
  },
];

function fixOfStatus(status: number): string {
  if (status === 404 || status === 405) return "Check the URL's path: nothing there takes a POST.";
  if (status >= 300 && status < 400) return "Give the URL that it redirects to: deliveries don't follow redirects.";
  return (
    "Check that the handler has this very secret, whole and with its whsec_ prefix, as the HMAC-SHA256 key; that it " +
    "signs the timestamp, a dot and the raw body; and that no login stands before the route."
  );
}

function judgeDuplicate(exchanges: readonly Exchange[]): Judgement {
  const deliveries = exchanges.filter(({ request }) => request.method === "POST");
  const judgement = accepted("Answer 2xx to an X-Event-ID that was handled before; anything else is sent again.")(
    deliveries,
  );
  const looks = exchanges.filter(({ request }) => request.method === "GET").map(({ answer }) => answer);
  if (judgement.outcome === "failed" || looks.length === 0) return judgement;
  const digests = looks.map((look) => (look.kind === "answered" && isAccepted(look) ? look.digest : undefined));
  return { outcome: "told", did: `${judgement.did} ${spokenIdempotency(digests)}` };
}

/** @param digests of the check URL's answers: before, after the first delivery, after the second */
function spokenIdempotency([before, first, second]: readonly (string | undefined)[]): string {
  if (before === undefined || first === undefined || second === undefined) return "The check URL did not answer 2xx.";
  if (before === first) return "The check URL's answer did not change with the first delivery, so it can't tell.";
  return first === second
    ? "It looks idempotent: only the first delivery changed the check URL's answer."
    : "It does not look idempotent: the second delivery changed the check URL's answer again. Remember each X-Event-ID, and do nothing when it comes back.";
}

/** Cases on what else a handler does. Facts: idempotency key: signature verification page. */
export const conductCases: readonly ProofCase[] = [
  {
    id: "same-event-twice",
    title: "The same X-Event-ID twice is accepted twice",
    requests: (make) => {
      const delivery = make.delivery("a delivery", { event: "receipt.generated", eventId: make.eventId() });
      const again = { ...delivery, what: "the same delivery again" };
      const { checkUrl } = make;
      if (checkUrl === undefined) return [delivery, again];
      const look = (pauseMs: number) => make.get("a look at the check URL", checkUrl, pauseMs);
      return [look(0), delivery, look(settleMs), again, look(settleMs)];
    },
    judge: judgeDuplicate,
  },
  {
    id: "get-refused",
    title: "A GET is answered with 405 or 404",
    requests: (make) => [make.get("a GET")],
    judge: (exchanges) => {
      const wrong = exchanges.find(({ answer }) => answer.kind !== "answered" || ![404, 405].includes(answer.status));
      if (wrong === undefined) return passed(exchanges);
      return {
        outcome: "failed",
        did: spokenExchange(wrong),
        should: "It should answer 405, or 404.",
        fix: "Route POST alone to the handler.",
      };
    },
  },
];

/** Cases run after all others. */
export const closingCases: readonly ProofCase[] = [
  {
    id: "still-alive",
    title: "The handler is still alive at the end",
    requests: (make) => [make.delivery("a good delivery at the end")],
    judge: accepted("A good delivery must be accepted whatever came before it."),
    closing: true,
  },
];
