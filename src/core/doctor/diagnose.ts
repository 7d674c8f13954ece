import type { Diagnosis, Finding } from "../model/diagnosis";
import type { Verdict } from "../model/verdict";
import { eventIdHeader, headerValue } from "../signature/headers";
import { timestampSeconds } from "../signature/timestamp";
import { ageCauses, verifyStepwise, type VerificationRequest } from "../signature/verify";
import { BodyLevels } from "./bodyLevels";
import { Budget } from "./budget";
import { sameBytes } from "./bytes";
import { causeOf } from "./causes";
import { distinctFindings, handlerFindings, requestFindings, storedFindings, strictFindings } from "./findings";
import { missingSignatureDetail, signatureSource, timestampSources, type SignatureSource } from "./headerSources";
import { lostTimestamps, otherClocks } from "./lostTimestamp";
import { Pace } from "./pace";
import { readSignatures } from "./readings";
import { Search, Tally, type Match } from "./search";
import { signatureMissing } from "./signatureCauses";
import {
  handlerStages,
  handlerSingles,
  lostTimestampStages,
  requestPairs,
  requestSingles,
  requestTriples,
} from "./stages";
import { handlerForms, KeyLevels, TimeLevels, type TimeState } from "./states";
import { explainedBy } from "./storedBody";
import { nextFact, nextHandlerFact, suspicions } from "./suspicions";
import { timestampFormat, timestampMissing } from "./timestampCauses";

export interface DoctorRequest extends VerificationRequest {
  /** The value that the user's handler computed for the request. */
  readonly computed?: string | undefined;
  /** The body of the stored delivery, as PacSpace sent it. */
  readonly storedBody?: Uint8Array | undefined;
  /** Milliseconds for what goes beyond one change at a time; 10,000 by default, 0 for single changes only. */
  readonly budgetMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the number of HMACs so far. */
  readonly onProgress?: ((tried: number) => void) | undefined;
  /** Milliseconds of work between two turns of the event loop; 10 by default. */
  readonly yieldEvery?: number | undefined;
}

const defaultYieldEvery = 10;

/** What the search found out about the request. */
interface RequestOutcome {
  readonly findings: readonly Finding[];
  readonly matchedWebhookId?: string;
  /** Bodies that are known to be genuine, beside the received one. */
  readonly genuine: readonly Uint8Array[];
  readonly times: readonly TimeState[];
  readonly proven: boolean;
}

/** One run of the doctor. */
class Examination {
  readonly tally = new Tally();
  private readonly pace: Pace;
  private readonly budget: Budget;

  constructor(private readonly request: DoctorRequest) {
    const { signal, onProgress, yieldEvery = defaultYieldEvery } = request;
    this.budget = new Budget(request.budgetMs);
    this.pace = new Pace({ yieldEvery, signal, onTurn: () => onProgress?.(this.tally.total) });
  }

  /** Empty where the request has none. */
  private get eventId(): string {
    return headerValue(this.request.headers, eventIdHeader)?.trim() ?? "";
  }

  private async strictly(): Promise<Verdict> {
    const steps = verifyStepwise(this.request);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (this.pace.due()) await this.pace.turn();
    }
  }

  private search(
    bodies: readonly Uint8Array[],
    side: "request" | "handler",
    keys: KeyLevels,
    times: readonly TimeState[],
    readings: SignatureSource["readings"],
  ): Search {
    const space = {
      bodies: new BodyLevels(
        bodies.map((bytes) => ({ bytes })),
        side,
        this.pace,
      ),
      keys,
      times: new TimeLevels(times, side),
      forms: side === "handler" ? handlerForms(this.eventId) : [],
      readings,
    };
    return new Search(space, this.pace, this.tally);
  }

  async run(): Promise<Diagnosis> {
    const started = performance.now();
    const asReceived = "as received";
    const strict = await this.tally.timed(asReceived, () => this.strictly());
    this.tally.add(asReceived, strict.tried);
    const answered = strict.matchedWebhookId !== undefined;
    const outcome = answered ? this.strictOutcome(strict) : await this.examine(strict);
    const handler = this.request.computed === undefined ? undefined : await this.examineHandler(outcome, strict);
    const findings = distinctFindings([...outcome.findings, ...(handler ?? [])]);
    const fact = this.openQuestion(outcome, handler, findings);
    return {
      verdict: strict.verdict,
      ...(outcome.matchedWebhookId !== undefined && { matchedWebhookId: outcome.matchedWebhookId }),
      causes: findings.map(({ id, certainty, detail }) => ({ id, certainty, detail })),
      tried: this.tally.total,
      findings,
      attempts: this.tally.entries(),
      elapsedMs: performance.now() - started,
      outOfTime: this.budget.isOver,
      ...(fact !== undefined && { nextFact: fact }),
    };
  }

  /** What would help, where nothing is proven about the request, or nothing is found about the handler. */
  private openQuestion(
    outcome: RequestOutcome,
    handler: readonly Finding[] | undefined,
    findings: readonly Finding[],
  ): string | undefined {
    const { storedBody, computed } = this.request;
    const explained = handler !== undefined && handler.length > 0;
    if (!outcome.proven && !explained) {
      const { text, readings } = signatureSource(this.request.headers);
      const received = new Set(readings.map(({ hex }) => hex));
      return nextFact(this.request, findings, {
        signature: text === "" ? "missing" : readings.length === 0 ? "unreadable" : "read",
        computedEqualsReceived: readSignatures(computed ?? "").some(({ hex }) => received.has(hex)),
        hasEventId: this.eventId !== "",
        storedChecked: storedBody !== undefined,
      });
    }
    return computed === undefined || explained ? undefined : nextHandlerFact(computed);
  }

  private strictOutcome(strict: Verdict): RequestOutcome {
    return {
      findings: strictFindings(strict.causes),
      ...(strict.matchedWebhookId !== undefined && { matchedWebhookId: strict.matchedWebhookId }),
      genuine: [],
      times: timestampSources(this.request.headers),
      proven: true,
    };
  }

  /** Looks for what keeps a request from verifying. */
  private async examine(strict: Verdict): Promise<RequestOutcome> {
    const source = signatureSource(this.request.headers);
    const times = timestampSources(this.request.headers);
    const stored = await this.byStoredBody(source, times);
    const match = stored?.match ?? (await this.byDamage(source, times));
    if (match === undefined) {
      const findings = [...strictFindings(strict.causes), ...(await suspicions(this.request, this.pace))];
      return {
        findings: findings.map((finding) => this.asMissing(finding, source, false)),
        genuine: [],
        times,
        proven: findings.some(({ certainty }) => certainty === "proven"),
      };
    }
    const findings = [
      ...requestFindings({
        ...match,
        signature: source.text,
        timestamp: times[0]?.text ?? "",
        received: stored === undefined ? this.request.body : match.body.bytes,
      }),
      ...(stored?.findings ?? []),
      ...this.ageFindings(match.time.text),
      ...strictFindings(strict.causes),
    ].map((finding) => this.asMissing(finding, source, true));
    const lacking = findings.some(({ id }) => causeOf(id)?.beyondRestoring);
    return {
      findings,
      ...(!lacking && { matchedWebhookId: match.key.owner.id }),
      genuine: [match.body.bytes],
      times: [match.time],
      proven: true,
    };
  }

  private asMissing(finding: Finding, source: SignatureSource, matched: boolean): Finding {
    return finding.id === signatureMissing.id
      ? { ...finding, detail: missingSignatureDetail(source, matched) }
      : finding;
  }

  private ageFindings(timestamp: string): readonly Finding[] {
    const seconds = timestampSeconds(timestamp);
    if (seconds === undefined) return [];
    return strictFindings(ageCauses(this.request.now - seconds, this.request.toleranceSeconds));
  }

  /** The third question: does the stored body verify where the received one doesn't? */
  private async byStoredBody(
    source: SignatureSource,
    times: readonly TimeState[],
  ): Promise<{ readonly match: Match; readonly findings: readonly Finding[] } | undefined> {
    const { storedBody, body } = this.request;
    if (storedBody === undefined || sameBytes(storedBody, body)) return undefined;
    const search = this.search([storedBody], "request", new KeyLevels(this.request, "request"), times, source.readings);
    const family = "the stored body";
    const match = await search.runAll([
      { family, whose: "all" },
      { family, time: "otherForms", whose: "all" },
      { family, key: 1, whose: "all" },
      ...(times.length === 0 ? this.lostStages(storedBody, times).slice(0, 1) : []),
    ]);
    if (match === undefined) return undefined;
    const bounds = { pace: this.pace, goesOn: () => this.budget.allows(true) };
    return { match, findings: storedFindings(body, await explainedBy(body, storedBody, bounds)) };
  }

  private lostStages(body: Uint8Array, times: readonly TimeState[]): ReturnType<typeof lostTimestampStages> {
    const readable = times.some(({ text }) => timestampSeconds(text) !== undefined);
    if (readable) return [];
    const cause = times.some(({ steps }) => steps.length === 0) ? timestampFormat : timestampMissing;
    return lostTimestampStages((reach) => lostTimestamps(body, this.request.now, cause, reach));
  }

  /** The first question: which undoing of damage makes the signature match? */
  private async byDamage(source: SignatureSource, times: readonly TimeState[]): Promise<Match | undefined> {
    const { body } = this.request;
    const search = this.search([body], "request", new KeyLevels(this.request, "request"), times, source.readings);
    const single = await search.runAll(requestSingles);
    if (single !== undefined || !this.goesOn(source.readings)) return single;
    const lost = this.lostStages(body, times);
    // Without any text for a timestamp, only the search for it can find something.
    const rest = times.length === 0 ? lost : [...requestPairs, ...lost, ...requestTriples];
    return this.budget.spend(search, rest);
  }

  private goesOn(readings: SignatureSource["readings"]): boolean {
    return this.budget.allows(readings.length > 0 && this.request.keys.length > 0);
  }

  /** The second question: which mistake gives exactly the value that the handler computed? */
  private async examineHandler(outcome: RequestOutcome, strict: Verdict): Promise<readonly Finding[]> {
    const { computed = "", body, keys, addressed } = this.request;
    const matched = strict.matchedWebhookId ?? outcome.matchedWebhookId;
    const ordered =
      matched === undefined
        ? keys
        : keys.toSorted((left, right) => Number(right.id === matched) - Number(left.id === matched));
    const levels = new KeyLevels({ keys: ordered, addressed: matched === undefined ? addressed : "first" }, "handler");
    const sent = outcome.times.map(({ text }): TimeState => ({ text, steps: [] }));
    // A handler that got no timestamp may sign without one.
    const without = { text: "", steps: [{ cause: timestampMissing, note: "an empty timestamp" }] };
    const times = sent.length > 0 ? sent : [without];
    const readings = readSignatures(computed);
    const search = this.search([body, ...outcome.genuine], "handler", levels, times, readings);
    const single = await search.runAll(handlerSingles);
    if (single !== undefined || !this.goesOn(readings)) return single ? handlerFindings(single, body) : [];
    const clocks = [...otherClocks(body, times[0]?.text ?? "", timestampMissing)];
    const match = await this.budget.spend(search, handlerStages(clocks));
    return match ? handlerFindings(match, body) : [];
  }
}

/**
 * Checks a request strictly, and when that fails, searches for the reason until an HMAC proves it: the damage that,
 * undone, makes PacSpace's signature match; the difference from the stored delivery; the mistake that gives exactly
 * the value a handler computed. It lets the event loop have its turn, and its answer is plain data without secrets.
 * @param request headers and raw body as received, the keys at hand, and what else is known
 * @returns the strict verdict with every cause; `proven` only where an HMAC, equal bytes or a length shows it
 * @throws PacSpaceError `cancelled` once the signal is aborted, `invalid` for an empty secret
 */
export async function diagnose(request: DoctorRequest): Promise<Diagnosis> {
  return new Examination(request).run();
}
