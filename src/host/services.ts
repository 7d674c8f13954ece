import type * as vscode from "vscode";
import type { Account } from "../state/account";
import type { DeliveryLookup } from "./deliveryLookup";
import type { LazyDocuments } from "./documents/lazyDocuments";
import type { InspectorPanels } from "./panel/inspectorPanels";
import type { HandlerProof } from "./proof/handlerProof";
import type { Debugging } from "./platform/debugging";
import type { Environments } from "./platform/environments";
import type { LocalPacSpace } from "./platform/localPacSpace";
import type { OwnMemory } from "./platform/ownMemory";
import type { LazyReceiver } from "./receiver/lazyReceiver";
import type { Sending } from "./sending/sending";
import type { SignatureChecks } from "./signatureChecks";
import type { CapturesView } from "./tree/capturesView";
import type { DeliveryFilters } from "./tree/deliveryFilters";
import type { Sidebar } from "./tree/sidebar";

/** What the commands work with. */
export interface Services {
  readonly environments: Environments;
  readonly local: LocalPacSpace;
  readonly memory: OwnMemory;
  readonly debugging: Debugging;
  readonly sidebar: Sidebar;
  readonly filters: DeliveryFilters;
  /** The receiver, loaded on first use. */
  readonly receiver: LazyReceiver;
  readonly captures: CapturesView;
  /** Finds deliveries and captures alike. */
  readonly deliveries: DeliveryLookup;
  /** Deliveries as documents, loaded on first use. */
  readonly documents: LazyDocuments;
  /** The signature checks and the doctor, loaded on first use. */
  signatures(): Promise<SignatureChecks>;
  readonly log: vscode.LogOutputChannel;
  /** The inspector's bundle, loaded on first use. */
  panels(): Promise<InspectorPanels>;
  /** The proof of a handler, loaded on first use. */
  proof(): Promise<HandlerProof>;
  /** Sending to handlers, loaded on first use. */
  sending(): Promise<Sending>;
  readonly extensionUri: vscode.Uri;
  /** The active environment's account. */
  account(): Account;
}
