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
  /** Why a view could not be read when that was last tried. */
  readonly #notLoaded = new Map<View, string>();
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
    this.#notLoaded.clear();
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
    // Who signs in next is not told of what failed before.
    if (state.kind === "signedOut" && !state.expired) this.#notLoaded.clear();
    this.#sync();
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
    tell(this.#webhooksView, { message: this.#trouble(this.#webhooksView) });
    tell(this.#deliveriesView, {
      description: this.filters.describe(this.#account) ?? "",
      message: [this.#trouble(this.#deliveriesView), message].filter((words) => words !== "").join(" "),
    });
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
    try {
      await this.#load(this.#webhooksView, account, () => account.webhooks.load());
    } catch (error) {
      // What ends both, the deliveries would fail of as well.
      const endsBoth = isPacSpaceError(error) && ["auth", "network", "timeout"].includes(error.kind);
      if (!endsBoth) await this.loadDeliveries().catch(() => undefined);
      throw error;
    }
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
      this.#noteLoad(view, account, undefined);
    } catch (error) {
      if (isErrorOfKind(error, "cancelled")) return;
      this.#noteLoad(view, account, isPacSpaceError(error) ? error.message : String(error));
      throw error;
    } finally {
      if (this.#loading.get(view) === loading) this.#loading.delete(view);
    }
  }

  /** @param why it failed; it is said until the next load of this view, whatever else changes */
  #noteLoad(view: View, account: Account, why: string | undefined): void {
    if (account !== this.#account || this.isDisposed || this.#notLoaded.get(view) === why) return;
    if (why === undefined) this.#notLoaded.delete(view);
    else {
      this.log.warn(`not loaded: ${why}`);
      this.#notLoaded.set(view, why);
    }
    this.#sync();
  }

  /** What stands above the rows when they are not those of now. */
  #trouble(view: View): string {
    const { webhooks, deliveries, session } = this.#account;
    const isWebhooks = view === this.#webhooksView;
    // That the server is out of reach is said once, whichever call has found it out.
    const unreachable = isWebhooks && session.kind === "unreachable" ? session.message : undefined;
    const why = this.#notLoaded.get(view) ?? unreachable;
    if (why === undefined) return "";
    const { length } = isWebhooks ? webhooks.snapshot.webhooks : deliveries.snapshot.shown;
    if (length > 0) return vscode.l10n.t("Not refreshed, these rows are from before. {0}", why);
    // A message takes the place of the welcome view, which says the same and offers what helps.
    return session.kind === "signedOut" || session.kind === "unreachable" ? "" : why;
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
