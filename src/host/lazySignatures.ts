import type { Account } from "../state/account";
import type { DeliveryLookup } from "./deliveryLookup";
import { onFirstUse } from "./platform/onFirstUse";
import type { SignatureChecks } from "./signatureChecks";

/** The signature checks and the doctor, whose bundles are loaded with the first check. */
export function lazySignatures(
  account: () => Account,
  deliveries: DeliveryLookup,
  workerScript: string,
): () => Promise<SignatureChecks> {
  return onFirstUse(async () => {
    const { SignatureChecks } = await import("./signatureChecks");
    return new SignatureChecks(account, deliveries, workerScript);
  });
}
