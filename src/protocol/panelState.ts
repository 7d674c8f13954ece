import * as v from "valibot";
import { deliveryRefSchema } from "./deliveryView";

export const tabs = ["payload", "headers", "answer", "attempts", "raw", "verify"] as const;
export const tabSchema = v.picklist(tabs);

/** What a panel shows, by ids alone. Without a delivery it is a panel for checking any request. */
export const panelTargetSchema = v.strictObject({
  /** The environment's storage key. */
  environment: v.string(),
  delivery: v.exactOptional(deliveryRefSchema),
});

const panelStateSchema = v.strictObject({ ...panelTargetSchema.entries, tab: tabSchema });

export type Tab = v.InferOutput<typeof tabSchema>;
export type PanelTarget = Readonly<v.InferOutput<typeof panelTargetSchema>>;
/** What VS Code keeps of a panel when the window is closed or reloaded. */
export type PanelState = Readonly<v.InferOutput<typeof panelStateSchema>>;

/** Reads what VS Code kept; undefined for anything else, such as the state of another version. */
export function readPanelState(value: unknown): PanelState | undefined {
  const result = v.safeParse(panelStateSchema, value);
  return result.success ? result.output : undefined;
}
