import { ownFolder } from "../../../src/host/receiver/ownFolder";
import { CaptureStore } from "../../../src/receiver/captureStore";

/** Tells how many captures the window found; then it takes some more, or deletes all, as it is told. */
async function main(parent: string): Promise<void> {
  const directory = await ownFolder(parent);
  const store = await CaptureStore.open({ directory, limits: () => ({ captures: 100, bytes: 1e6 }) });
  process.on("message", (more: number) => {
    if (more === 0) store.clear();
    for (let count = 0; count < more; count++) {
      store.add({ method: "POST", target: "/", headers: [], body: Buffer.from("{}") }, "request");
    }
    void store.flush().then(() => process.send?.(store.captures.length));
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(store.captures.length);
}

void main((JSON.parse(process.argv[2] ?? "{}") as { parent: string }).parent);
