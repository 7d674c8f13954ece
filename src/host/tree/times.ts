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

/** How long something takes, as exactly as a person needs it: 35 s, 12 min, 2 h 41 min, 3 d 4 h. */
export function roughDuration(ms: number): string {
  if (ms < 2 * minute) return vscode.l10n.t("{0} s", Math.ceil(ms / 1_000));
  const minutes = Math.round(ms / minute);
  if (minutes < 60) return vscode.l10n.t("{0} min", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return vscode.l10n.t("{0} h {1} min", hours, minutes % 60);
  return vscode.l10n.t("{0} d {1} h", Math.floor(hours / 24), hours % 24);
}
