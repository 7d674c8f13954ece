import { createClient } from "../../../src/api/client";
import { isPacSpaceError } from "../../../src/core/errors";
import { systemCertificates } from "../../../src/host/platform/systemCertificates";

/** What the process is to do: one call. */
export interface Orders {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly call: "get" | "create";
  /** Whether it trusts the system's certificates, as `http.systemCertificates` asks for. */
  readonly system?: boolean;
}

export type Report =
  | { readonly ok: true; readonly secret?: string }
  | { readonly ok: false; readonly kind: string; readonly code?: string; readonly uncertain: boolean };

async function main(): Promise<Report> {
  const { baseUrl, timeoutMs, call, system } = JSON.parse(process.argv[2] ?? "") as Orders;
  const certificates = system === true ? systemCertificates() : [];
  const api = createClient({ baseUrl, timeoutMs, connection: { certificates } });
  api.auth.importCookieHeader("session=very-secret-value");
  try {
    if (call === "get") await api.webhooks.get("webhook_1");
    else return { ok: true, secret: (await api.webhooks.create({ url: "https://example.com" })).secret };
    return { ok: true };
  } catch (error) {
    if (!isPacSpaceError(error)) throw error;
    const { kind, code, uncertain } = error;
    return { ok: false, kind, uncertain, ...(code !== undefined && { code }) };
  } finally {
    await api.close();
  }
}

void main().then((report) => process.send?.(report, () => process.disconnect()));
