import type { DeliveryView, ShownText } from "../protocol/deliveryView";
import type { TextRef } from "../protocol/panelMessages";

/** A delivery's view with one of its texts whole. */
export function withWholeText(view: DeliveryView, of: TextRef, text: ShownText): DeliveryView {
  if (typeof of === "string") return { ...view, [of]: text };
  const attempts = view.attempts.map((row, index) => (index === of.attempt ? { ...row, response: text } : row));
  return { ...view, attempts };
}

/** The whole text that is at hand for one that was cut, as far as can be told from its beginning and length. */
function atHand(cut: ShownText | undefined, before: ShownText | undefined): boolean {
  return cut?.cut === true && before?.bytes === cut.bytes && before.text.startsWith(cut.text);
}

/**
 * Takes up a new view of the delivery with the whole texts of the one before, where they still seem right, so that what
 * is shown stays while the host is asked for them again.
 * @returns the view, and the texts to ask for
 */
export function keepWholeTexts(
  view: DeliveryView,
  before: DeliveryView,
): { readonly view: DeliveryView; readonly kept: readonly TextRef[] } {
  let shown = view;
  const kept: TextRef[] = [];
  const keep = (of: TextRef, cut: ShownText | undefined, whole: ShownText | undefined): void => {
    if (whole === undefined || !atHand(cut, whole)) return;
    shown = withWholeText(shown, of, whole);
    kept.push(of);
  };
  for (const part of ["payload", "response", "raw"] as const) keep(part, view[part], before[part]);
  view.attempts.forEach(({ response }, attempt) => keep({ attempt }, response, before.attempts[attempt]?.response));
  return { view: shown, kept };
}
