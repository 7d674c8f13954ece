import type { Memento } from "vscode";
import type { Environment } from "../../core/model/environment";
import type { Diagnosis } from "../../core/model/diagnosis";
import type { HeaderList } from "../../core/signature/headers";
import type { DeliveryLookup } from "../deliveryLookup";
import type { Watch } from "../doctorSearch";

/** What the panel needs of the rest of the host: handed in, so that the panel knows no store and no client. */
export interface InspectorServices {
  /** The active environment. */
  environment(): Environment;
  readonly onDidChangeEnvironment: (listener: () => void) => { dispose(): void };
  readonly deliveries: Pick<DeliveryLookup, "find" | "home" | "isHere" | "loaded" | "onDidChange">;
  /** What a person calls the webhook (its description or URL); undefined when it is not known. */
  webhookLabel(webhookId: string): string | undefined;
  /** The secrets that can check a signature, by fingerprint; the secrets themselves never leave the host's stores. */
  keys(): Promise<readonly StoredKeyChoice[]>;
  /** Checks a request; `key` says with what. Throws PacSpaceError for input that can't be checked. */
  verify(request: PanelVerification, watch: Watch): Promise<Diagnosis>;
  /** What is remembered for this workspace, and for all. */
  readonly workspaceState: Memento;
  readonly globalState: Memento;
}

export interface StoredKeyChoice {
  readonly webhookId: string;
  readonly label: string;
  /** First 8 hex digits of the secret's SHA-256. */
  readonly fingerprint: string;
}

export interface PanelVerification {
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** The value that the person's handler computed for the request. */
  readonly computed?: string;
  /** The body of the delivery that the request names, as PacSpace keeps it. */
  readonly storedBody?: Uint8Array;
  /** A stored key, a typed secret, or every stored key. */
  readonly key: { readonly webhookId: string } | { readonly secret: string } | "all";
}
