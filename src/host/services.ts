import type * as vscode from "vscode";
import type { Account } from "../state/account";
import type { DeliveryDocuments } from "./documents/deliveryDocuments";
import type { InspectorPanels } from "./panel/inspectorPanels";
import type { HandlerProof } from "./proof/handlerProof";
import type { Environments } from "./platform/environments";
import type { LocalPacSpace } from "./platform/localPacSpace";
import type { OwnMemory } from "./platform/ownMemory";
import type { SignatureChecks } from "./signatureChecks";
import type { DeliveryFilters } from "./tree/deliveryFilters";
import type { Sidebar } from "./tree/sidebar";

/** What the commands work with. */
export interface Services {
  readonly environments: Environments;
  readonly local: LocalPacSpace;
  readonly memory: OwnMemory;
  readonly sidebar: Sidebar;
  readonly filters: DeliveryFilters;
  readonly documents: DeliveryDocuments;
  /** The signature checks and the doctor, loaded on first use. */
  signatures(): Promise<SignatureChecks>;
  readonly log: vscode.LogOutputChannel;
  /** The inspector's bundle, loaded on first use. */
  panels(): Promise<InspectorPanels>;
  /** The proof of a handler, loaded on first use. */
  proof(): Promise<HandlerProof>;
  readonly extensionUri: vscode.Uri;
  /** The active environment's account. */
  account(): Account;
}
