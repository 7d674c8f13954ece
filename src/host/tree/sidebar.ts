import * as vscode from "vscode";
import { isErrorOfKind, isPacSpaceError, PacSpaceError } from "../../core/errors";
import type { Account, SessionState } from "../../state/account";
import type { DeliveriesChange } from "../../state/deliveriesStore";
import type { ContextKeyWriter } from "../platform/contextKeys";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import { SecretNotice } from "../platform/secretNotice";
import { onDidChangeSettings, settings } from "../platform/settings";
import { DeliveriesTree } from "./deliveriesTree";
import type { DeliveryFilters } from "./deliveryFilters";
import type { TreeNode, WebhookNode } from "./nodes";
import { endpointLabel, WebhooksTree } from "./webhooksTree";

type View = vscode.TreeView<TreeNode>;

/** Joins the two views with the active account: loads what becomes visible, and says what could not be loaded. */
export class Sidebar extends Disposable {
  readonly webhooks: WebhooksTree;
  readonly deliveries: DeliveriesTree;
  readonly #webhooksView: View;
  readonly #deliveriesView: View;
  #account: Account;
  #subscriptions: { dispose(): void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #loading = new Map<View, Promise<void>>();
  readonly #secretNotice: SecretNotice;

  constructor(
    private readonly environments: Environments,
    private readonly filters: DeliveryFilters,
    private readonly keys: ContextKeyWriter,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.#secretNotice = this.register(new SecretNotice(log));
    const account = (): Account => environments.active;
    this.webhooks = this.register(new WebhooksTree(account));
    this.deliveries = this.register(new DeliveriesTree(account));
    this.#webhooksView = this.#view("pacspace.webhooks", this.webhooks);
    this.#deliveriesView = this.#view("pacspace.deliveries", this.deliveries);
    this.#account = environments.active;
    this.register(environments.onDidChange(() => this.#follow()));
    this.register(onDidChangeSettings(() => this.#schedule()));
    this.register({ dispose: () => this.#release() });
    this.#attach();
  }

  #view(id: string, treeDataProvider: vscode.TreeDataProvider<TreeNode>): View {
    const view = this.register(
      vscode.window.createTreeView(id, { treeDataProvider, canSelectMany: true, showCollapseAll: true }),
    );
    this.register(view.onDidChangeVisibility(({ visible }) => this.#visible(visible)));
    return view;
  }

  #release(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    clearInterval(this.#timer);
  }

  /** Shows the active account, which is another one now. */
  #follow(): void {
    this.#attach();
    this.webhooks.redraw();
    this.deliveries.redraw();
    this.#sessionChanged(this.#account.session);
    if (this.#anyVisible) this.reload();
  }

  /** Takes up the active account: its rows, its filter, its session. */
  #attach(): void {
    this.#release();
    const account = (this.#account = this.environments.active);
    account.deliveries.setFilter(this.filters.read(account.environment));
    this.#subscriptions = [
      account.webhooks.onDidChange((change) => {
        this.#sync();
        if (change === "all") this.webhooks.redraw();
        else this.webhooks.redrawWebhooks(change);
        const unread = account.webhooks.snapshot.webhooks.filter(({ id }) => account.secrets.has(id) === undefined);
        void account.secrets.refresh(unread.map(({ id }) => id));
      }),
      account.deliveries.onDidChange((change) => {
        this.#sync();
        if (change === "all") this.deliveries.redraw();
        else this.deliveries.redrawDelivery(change.key);
        this.webhooks.redrawWebhooks(webhooksOf(account, change));
      }),
      account.secrets.onDidChange((id) => this.webhooks.redrawWebhooks([id])),
      account.secrets.onDidFindTrouble((trouble) =>
        this.#secretNotice.add(trouble, endpointLabel(account, trouble.id, trouble.id) ?? trouble.id),
      ),
      account.onDidChangeSession((state) => this.#sessionChanged(state)),
    ];
    this.keys.set("pacspace.environmentKind", account.environment.kind);
    this.#sync();
    this.#schedule();
  }

  get #anyVisible(): boolean {
    return this.#webhooksView.visible || this.#deliveriesView.visible;
  }

  #visible(visible: boolean): void {
    this.#schedule();
    const { webhooks, deliveries, session } = this.#account;
    if (visible && session.kind !== "signedOut" && !(webhooks.snapshot.loaded && deliveries.snapshot.loaded))
      this.reload();
  }

  #sessionChanged(state: SessionState): void {
    this.keys.set("pacspace.session", state.kind === "signedOut" && state.expired ? "expired" : state.kind);
    if (state.kind === "unknown" && this.#anyVisible) this.reload();
    const stale = state.kind === "unreachable" && this.#hasRows(this.#webhooksView);
    tell(this.#webhooksView, { message: stale ? this.#notRefreshed(state.message) : "" });
  }

  /** Context keys, badge, description and message follow from what the stores hold. */
  #sync(): void {
    const { webhooks, deliveries } = this.#account;
    const { rows, shown, loaded, hasMore, total } = deliveries.snapshot;
    const filter = deliveries.filter;
    this.keys.set("pacspace.webhooksLoaded", webhooks.snapshot.loaded);
    this.keys.set("pacspace.webhooksMore", webhooks.snapshot.hasMore);
    this.keys.set("pacspace.deliveriesLoaded", loaded);
    this.keys.set("pacspace.deliveriesFiltered", Object.keys(filter).length > 0);
    this.keys.set("pacspace.deliveriesMore", hasMore);
    const failed = rows.filter(({ status }) => status === "failed").length;
    if ((this.#deliveriesView.badge?.value ?? 0) !== failed) {
      const tooltip = vscode.l10n.t("{0} failed among the loaded deliveries", failed);
      this.#deliveriesView.badge = failed === 0 ? undefined : { value: failed, tooltip };
    }
    const partial = loaded && shown.length < rows.length;
    const more = hasMore ? ` ${vscode.l10n.t("Load more to look further back.")}` : "";
    const message = partial
      ? vscode.l10n.t("{0} of {1} loaded match", shown.length, rows.length) +
        (total === undefined ? "." : vscode.l10n.t(" ({0} on the server).", total)) +
        more
      : "";
    tell(this.#deliveriesView, { description: this.filters.describe(this.#account) ?? "", message });
  }

  #schedule(): void {
    clearInterval(this.#timer);
    // Settings are slow to read, and nobody looks at a start.
    const seconds = this.#anyVisible ? settings.refreshSeconds() : 0;
    if (seconds === 0) return;
    this.#timer = setInterval(() => {
      // A server that could not be reached may be back.
      const { kind } = this.#account.session;
      if ((kind === "signedIn" || kind === "unreachable") && this.#loading.size === 0) this.reload();
    }, seconds * 1_000);
  }

  /** Reads both views anew without waiting for it; what fails is said in the views. */
  reload(): void {
    void this.refresh().catch(() => undefined);
  }

  /** Reads the deliveries anew without waiting for it. */
  reloadDeliveries(): void {
    void this.loadDeliveries().catch(() => undefined);
  }

  /**
   * Reads both views anew. Rows stay when it fails.
   * @throws PacSpaceError, the first of the two
   */
  async refresh(): Promise<void> {
    const account = this.#account;
    if (!(await account.hasSession())) {
      throw new PacSpaceError(
        "auth",
        vscode.l10n.t("You are not signed in to {0}. Sign in first.", account.environment.name),
      );
    }
    // One after the other: a session that has expired is found out once, not twice.
    await this.#load(this.#webhooksView, account, () => account.webhooks.load());
    await this.loadDeliveries();
  }

  /** Reads the deliveries anew. Throws PacSpaceError; rows stay. */
  loadDeliveries(): Promise<void> {
    const account = this.#account;
    return this.#load(this.#deliveriesView, account, () => account.deliveries.load());
  }

  /** Reads the next page of a view. Throws PacSpaceError; rows stay. */
  loadMore(of: "webhooks" | "deliveries"): Promise<void> {
    const account = this.#account;
    const view = of === "webhooks" ? this.#webhooksView : this.#deliveriesView;
    return this.#load(view, account, () => account[of].loadMore());
  }

  async #load(view: View, account: Account, work: () => Promise<void>): Promise<void> {
    const viewId = view === this.#webhooksView ? "pacspace.webhooks" : "pacspace.deliveries";
    const loading = account.call(work);
    this.#loading.set(view, loading);
    void vscode.window.withProgress({ location: { viewId } }, () => loading.catch(() => undefined));
    try {
      await loading;
      if (account === this.#account && view === this.#webhooksView) view.message = "";
    } catch (error) {
      if (isErrorOfKind(error, "cancelled")) return;
      if (account === this.#account && !this.isDisposed) this.#sayNotLoaded(view, error);
      throw error;
    } finally {
      if (this.#loading.get(view) === loading) this.#loading.delete(view);
    }
  }

  #sayNotLoaded(view: View, error: unknown): void {
    const why = isPacSpaceError(error) ? error.message : String(error);
    this.log.warn(`not loaded: ${why}`);
    const { session } = this.#account;
    // A message takes the place of the welcome view, which says the same and offers what helps.
    const welcome = session.kind === "signedOut" || session.kind === "unreachable";
    view.message = this.#hasRows(view) ? this.#notRefreshed(why) : welcome ? "" : why;
  }

  #hasRows(view: View): boolean {
    const { webhooks, deliveries } = this.#account;
    const { length } = view === this.#webhooksView ? webhooks.snapshot.webhooks : deliveries.snapshot.shown;
    return length > 0;
  }

  #notRefreshed(why: string): string {
    return vscode.l10n.t("Not refreshed, these rows are from before. {0}", why);
  }

  /** The row of a webhook, for a command that is called on it. */
  webhookNode(id: string): WebhookNode | undefined {
    const webhook = this.#account.webhooks.get(id);
    return webhook && this.webhooks.node(webhook);
  }

  /** Shows a webhook in the view, expanded. */
  async revealWebhook(id: string): Promise<void> {
    const node = this.webhookNode(id);
    if (node === undefined) return;
    await vscode.commands.executeCommand("pacspace.webhooks.focus");
    await this.#webhooksView.reveal(node, { select: true, focus: true, expand: true });
  }
}

/** Says these words in a view; what it says already is not sent to the window again. */
function tell(view: View, words: { readonly description?: string; readonly message: string }): void {
  const { description, message } = words;
  if (description !== undefined && (view.description ?? "") !== description) view.description = description;
  if ((view.message ?? "") !== message) view.message = message;
}

/** The webhooks below which the changed deliveries stand. */
function webhooksOf(account: Account, change: DeliveriesChange): readonly string[] {
  const { snapshot } = account.deliveries;
  const changed =
    change === "all" ? snapshot.rows : [account.deliveries.row(change.key)].filter((row) => row !== undefined);
  return [...new Set(changed.flatMap(({ webhookId }) => (webhookId === undefined ? [] : [webhookId])))];
}
