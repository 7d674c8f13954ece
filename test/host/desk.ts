import assert from "node:assert/strict";
import * as v from "valibot";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import { environmentOf } from "../../src/core/model/environment";
import { DoctorSearch } from "../../src/host/doctorSearch";
import type { InspectorServices } from "../../src/host/panel/inspectorServices";
import { VerificationDesk } from "../../src/host/panel/verificationDesk";
import { FrameworkMemory } from "../../src/host/platform/frameworkMemory";
import { verificationViewSchema } from "../../src/protocol/verificationView";
import { activated, mementos } from "./support";

/** What a desk checks with where nothing else is said. */
export const secret = "whsec_1f7a0c5de2b94863a1";

/** The doctor, in its worker. */
export async function search(): Promise<DoctorSearch> {
  const { extensionUri } = await activated();
  return new DoctorSearch(vscode.Uri.joinPath(extensionUri, "dist", "doctorWorker.js").fsPath);
}

/** A desk that checks with one secret; what it has to show is read from it. */
export async function deskOf(
  key = secret,
  loaded?: Delivery,
): Promise<{ readonly desk: VerificationDesk; readonly filled: () => number }> {
  const doctor = await search();
  const nothing = new vscode.EventEmitter<void>();
  const memories = mementos();
  const services: InspectorServices = {
    ...memories,
    environment: () => environmentOf("local", "Local PacSpace", "http://127.0.0.1:4400"),
    onDidChangeEnvironment: nothing.event,
    deliveries: {
      home: () => "Local PacSpace",
      isHere: () => true,
      onDidChange: nothing.event,
      loaded: ({ id }) => (id === loaded?.id ? loaded : undefined),
      find: () => Promise.reject(new Error("no delivery is asked for")),
    },
    webhookLabel: () => "Billing",
    keys: () => Promise.resolve([{ webhookId: "webhook_1", label: "Billing", fingerprint: "00000000" }]),
    verify: ({ headers, body, computed, storedBody }, watch) =>
      doctor.diagnose(
        {
          ...{ headers, body, computed, storedBody, keys: [{ id: "webhook_1", secret: key }], addressed: "any" },
          ...{ now: Date.now() / 1_000, toleranceSeconds: 300 },
        },
        watch,
      ),
  };
  let filled = 0;
  const frameworks = new FrameworkMemory(memories.workspaceState, memories.globalState);
  const desk = new VerificationDesk(services, frameworks, {
    // Whatever it has to show must be in the protocol.
    changed: () => assert.deepEqual(v.safeParse(verificationViewSchema, desk.view()).issues, undefined),
    fieldsFilled: () => filled++,
  });
  await desk.load();
  return { desk, filled: () => filled };
}

/** Gives the use of a file in the workspace's folder, and deletes it. */
export async function withFile<T>(
  content: Uint8Array,
  use: (uri: vscode.Uri) => Promise<T>,
  name = "request.txt",
): Promise<T> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "the tests' window has a folder");
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, content);
  try {
    return await use(uri);
  } finally {
    await vscode.workspace.fs.delete(uri);
  }
}
