import * as vscode from "vscode";
import { lazyPanels } from "./panel/lazyPanels";
import { onFirstUse } from "./platform/onFirstUse";
import { lazyProof } from "./proof/lazyProof";
import { lazySending } from "./sending/lazySending";
import type { Services } from "./services";

/** The parts whose bundles are loaded on first use, and what ends them. */
export function lazyParts(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  services: () => Services,
): Pick<Services, "panels" | "proof" | "sending" | "signatures"> & { dispose(): void } {
  const worker = vscode.Uri.joinPath(context.extensionUri, "dist", "doctorWorker.js").fsPath;
  const signatures = onFirstUse(async () => {
    const { SignatureChecks } = await import("./signatureChecks");
    return new SignatureChecks(() => services().account(), services().deliveries, worker);
  });
  const panels = lazyPanels(context, log, services);
  const proof = lazyProof(context.workspaceState, services);
  const sending = lazySending(context.workspaceState, services);
  return {
    signatures,
    panels: () => panels.get(),
    proof: () => proof.get(),
    sending: () => sending.get(),
    dispose: () => void vscode.Disposable.from(panels, proof, sending).dispose(),
  };
}
