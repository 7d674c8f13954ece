import type { PanelMessage } from "../protocol/panelMessages";
import { readPanelState, type PanelState } from "../protocol/panelState";

const api = acquireVsCodeApi();

/** Sends a person's wish to the host. */
export function send(message: PanelMessage): void {
  api.postMessage(message);
}

/** What VS Code kept of this panel from before it was hidden or the window reloaded. */
export function savedState(): PanelState | undefined {
  return readPanelState(api.getState());
}

/** Has VS Code keep which delivery and tab are shown: ids alone. */
export function saveState(state: PanelState): void {
  api.setState(state);
}
