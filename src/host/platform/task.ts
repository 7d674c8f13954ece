import * as vscode from "vscode";

/** Work that can say how far it is and be cancelled. */
export interface Task {
  readonly signal: AbortSignal;
  /** @param percent how far the whole work is, 0 to 100, where it is known */
  report(message: string, percent?: number): void;
}

/** A task that nobody watches. */
export function silentTask(): Task {
  return { signal: new AbortController().signal, report: () => undefined };
}

export type ProgressPlace =
  { readonly view: "pacspace.webhooks" | "pacspace.deliveries" | "pacspace.captures" } | "notification";

/** Runs work with its progress shown in a view, or as a notification that can be cancelled. */
export async function withProgress<T>(
  place: ProgressPlace,
  title: string,
  work: (task: Task) => Promise<T>,
): Promise<T> {
  const location = place === "notification" ? vscode.ProgressLocation.Notification : { viewId: place.view };
  const options = { location, title, cancellable: place === "notification" };
  // The notification is not awaited: it fades by itself, and a command settles when its work is done.
  return new Promise<T>((resolve, reject) => {
    void vscode.window.withProgress(options, async (progress, token) => {
      const controller = new AbortController();
      const subscription = token.onCancellationRequested(() => controller.abort());
      let reached = 0;
      const report = (message: string, percent?: number): void => {
        const increment = percent === undefined ? 0 : Math.max(0, percent - reached);
        reached += increment;
        progress.report({ message, increment });
      };
      try {
        resolve(await work({ signal: controller.signal, report }));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      } finally {
        subscription.dispose();
      }
    });
  });
}
