import * as path from "node:path";
import { CaptureStore, type CaptureLimits } from "../../../src/receiver/captureStore";
import { temporaryDirectory } from "../local/support";
import { atEnd } from "./support";

export const roomy: CaptureLimits = { captures: 1_000, bytes: 100_000_000 };

/** Goes when the test ends. */
export async function emptyFolder(): Promise<string> {
  const folder = await temporaryDirectory();
  atEnd(() => folder.remove());
  return path.join(folder.path, "captures");
}

export function open(directory: string, limits = roomy, log: string[] = []): Promise<CaptureStore> {
  return CaptureStore.open({ directory, limits: () => limits, log: (line) => log.push(line) });
}

export const request = (text: string, body: Uint8Array | string = text) => ({
  method: "POST",
  target: `/${text}`,
  headers: [["X-Event-ID", `evt_${text}`]] as const,
  body: Buffer.from(body),
});

export const targets = (store: CaptureStore) => store.captures.map(({ target }) => target);
