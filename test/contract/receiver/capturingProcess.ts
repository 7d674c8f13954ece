import { CaptureStore } from "../../../src/receiver/captureStore";
import { Receiver } from "../../../src/receiver/receiver";

/** A receiver in a process of its own, which keeps captures in the folder that it is told; flushes when asked. */
async function main(directory: string): Promise<void> {
  const store = await CaptureStore.open({ directory, limits: () => ({ captures: 100_000, bytes: 1e9 }) });
  const receiver = await Receiver.listen({
    port: 0,
    store,
    allowedHosts: () => [],
    keys: () => Promise.resolve([]),
    toleranceSeconds: () => 300,
  });
  process.on("message", () => void store.flush().then(() => process.send?.("flushed")));
  process.on("disconnect", () => process.exit(0));
  process.send?.(receiver.port);
}

void main(process.argv[2] ?? "");
