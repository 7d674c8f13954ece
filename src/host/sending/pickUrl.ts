import * as vscode from "vscode";
import { problemOf } from "../../core/errors";
import { readTargetUrl } from "../../send/targetUrl";

type UrlItem = vscode.QuickPickItem & { readonly url?: string };

function problem(text: string): string | undefined {
  return problemOf(() => readTargetUrl(text));
}

function typedItem(text: string): UrlItem {
  const wrong = problem(text);
  return wrong === undefined
    ? { label: `$(link) ${text}`, description: vscode.l10n.t("this URL"), alwaysShow: true, url: text }
    : { label: `$(warning) ${text}`, detail: wrong, alwaysShow: true };
}

/**
 * Lets a person choose a URL or type one, which is checked as it is typed.
 * @param known URLs with words on where they come from, the likeliest first
 * @returns undefined when the person gave up
 */
export async function pickUrl(
  title: string,
  known: readonly { readonly url: string; readonly from: string }[],
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<UrlItem>();
  const items = known.map(({ url, from }): UrlItem => ({ label: url, description: from, url }));
  picker.title = title;
  picker.placeholder = vscode.l10n.t(
    "Choose or type the URL of your handler, for example {0}",
    "http://localhost:3000/webhooks/pacspace",
  );
  picker.ignoreFocusOut = true;
  picker.items = items;
  picker.onDidChangeValue((value) => {
    const text = value.trim();
    const isNew = text !== "" && !known.some(({ url }) => url === text);
    picker.items = isNew ? [typedItem(text), ...items] : items;
  });
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      // Who types fast accepts before the typed URL is an item.
      const typed = picker.value.trim();
      const [selected] = picker.selectedItems;
      const url = selected === undefined && problem(typed) === undefined ? typed : selected?.url;
      if (url === undefined) return;
      resolve(url);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}
