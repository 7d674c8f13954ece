import type { Answer, Exchange, Judgement } from "./proofCase";

/** A time limit or a duration in words. */
function spokenMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
}

/** What a handler did, in words that follow its name. */
export function spokenAnswer(answer: Answer): string {
  switch (answer.kind) {
    case "answered":
      return `answered ${answer.status}${answer.excerpt === "" ? "" : ` (“${answer.excerpt}”)`}`;
    case "timedOut":
      return `gave no answer within ${spokenMs(answer.durationMs)}`;
    case "broken":
      return `closed the connection without an answer (${answer.code})`;
    case "unreachable":
      return `took no connection (${answer.code})`;
  }
}

/** What a handler did with one request, as a sentence. */
export function spokenExchange({ request, answer }: Exchange): string {
  return `The handler ${spokenAnswer(answer)} to ${request.what}.`;
}

/** Whether an answer has a status of this hundred. */
function isOf(answer: Answer, hundred: 2 | 4): boolean {
  return answer.kind === "answered" && Math.floor(answer.status / 100) === hundred;
}

/** Whether an answer says that the event was taken. */
export function isAccepted(answer: Answer): boolean {
  return isOf(answer, 2);
}

/** The fix for an answer that would be wrong to any request; undefined where the case knows better. */
function generalFix(answer: Answer): string | undefined {
  if (answer.kind === "timedOut") return "Answer first and do slow work afterwards, in a queue or a background task.";
  if (answer.kind === "answered" && answer.status < 500) return undefined;
  return "Look for the exception in the handler's log: something that a request may hold isn't expected there.";
}

/** Judges that every one of a case's requests was taken with a 2xx. */
export function accepted(fix: string): (exchanges: readonly Exchange[]) => Judgement {
  return (exchanges) => {
    const wrong = exchanges.find(({ answer }) => !isAccepted(answer));
    if (wrong === undefined) return passed(exchanges);
    return {
      outcome: "failed",
      did: spokenExchange(wrong),
      should: "It should answer 2xx.",
      fix: generalFix(wrong.answer) ?? fix,
    };
  };
}

/**
 * Judges that every one of a case's requests was refused with a 4xx.
 * @param fix what to do when it was taken
 */
export function refused(
  fix: string,
  should = "It should answer 4xx, best 401.",
): (exchanges: readonly Exchange[]) => Judgement {
  return (exchanges) => {
    const wrong = exchanges.find(({ answer }) => !isOf(answer, 4));
    if (wrong === undefined) return passed(exchanges);
    return { outcome: "failed", did: spokenExchange(wrong), should, fix: generalFix(wrong.answer) ?? fix };
  };
}

/**
 * Tells what a handler did with a request that it may take or refuse.
 * @param whenAccepted a sentence on what taking it means
 * @param whenNot a sentence on what anything else means
 */
export function told(whenAccepted: string, whenNot: string): (exchanges: readonly Exchange[]) => Judgement {
  return (exchanges) => {
    const all = exchanges.every(({ answer }) => isAccepted(answer));
    return { outcome: "told", did: `${exchanges.map(spokenExchange).join(" ")} ${all ? whenAccepted : whenNot}` };
  };
}

/** The judgement of a case that has nothing to complain about. */
export function passed(exchanges: readonly Exchange[]): Judgement {
  return { outcome: "passed", did: exchanges.map(spokenExchange).join(" ") };
}
