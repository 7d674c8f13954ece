import * as tls from "node:tls";

/** The system's certificates; none where Node can't read them (before 22.15). */
export function systemCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "system") => string[] };
  try {
    return getCACertificates?.("system") ?? [];
  } catch {
    return [];
  }
}
