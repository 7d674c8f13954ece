/** The accounts of Local PacSpace. They guard nothing but samples on this machine, so their passwords are public. */
export const demoAccount = { email: "demo@example.com", password: "local-pacspace" } as const;

/** The same tenant, with MFA on; a real authenticator's code would change with time. */
export const mfaAccount = { email: "mfa@example.com", password: "local-pacspace", code: "246810" } as const;
