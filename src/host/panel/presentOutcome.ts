import type { Diagnosis, Framework } from "../../core/model/diagnosis";
import { spokenDuration } from "../../core/signature/timestamp";
import type { CheckOutcome } from "../../protocol/outcomeView";

/**
 * What the panel shows of an answer.
 * @param framework whose code is shown
 * @param label what a person calls the webhook that matched
 * @param age seconds since the request was signed; negative when that lies ahead of the clock
 */
export function presentOutcome(
  diagnosis: Diagnosis,
  framework: Framework,
  label: string | undefined,
  age: number | undefined,
): CheckOutcome {
  const { verdict, matchedWebhookId, findings, attempts, tried, elapsedMs, outOfTime, nextFact } = diagnosis;
  return {
    verdict,
    ...(matchedWebhookId !== undefined && { matchedWebhookId }),
    ...(label !== undefined && { matchedLabel: label }),
    ...(verdict === "expired" &&
      age !== undefined && {
        age: `${spokenDuration(age)} ${age > 0 ? "old" : "ahead of this clock"}`,
      }),
    findings: findings.map(({ mending, ...finding }) => ({ ...finding, code: mending[framework] })),
    attempts,
    tried,
    elapsedMs,
    outOfTime,
    ...(nextFact !== undefined && { nextFact }),
  };
}
