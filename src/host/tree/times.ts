import * as vscode from "vscode";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, as short as a row has room for; undefined for what is no time. */
export function age(iso: string | undefined, now: number): string | undefined {
  const time = Date.parse(iso ?? "");
  if (Number.isNaN(time)) return undefined;
  const passed = now - time;
  if (passed < minute) return vscode.l10n.t("now");
  if (passed < hour) return vscode.l10n.t("{0} min ago", Math.floor(passed / minute));
  if (passed < day) return vscode.l10n.t("{0} h ago", Math.floor(passed / hour));
  return vscode.l10n.t("{0} d ago", Math.floor(passed / day));
}

/** The local day of a time, YYYY-MM-DD; empty for what is no time. */
export function localDay(iso: string | undefined): string {
  const time = new Date(iso ?? "");
  if (Number.isNaN(time.getTime())) return "";
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
}

/** What a person calls a local day. */
export function dayLabel(dayText: string, now: number): string {
  if (dayText === "") return vscode.l10n.t("Without a date");
  if (dayText === localDay(new Date(now).toISOString())) return vscode.l10n.t("Today");
  if (dayText === localDay(new Date(now - day).toISOString())) return vscode.l10n.t("Yesterday");
  const date = new Date(`${dayText}T12:00:00`);
  return date.toLocaleDateString(vscode.env.language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}

/** A time in full, in the person's own time zone. */
export function fullTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toLocaleString(vscode.env.language);
}
