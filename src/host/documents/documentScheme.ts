/** The scheme of the addresses of deliveries' texts. */
export const documentScheme = "pacspace";
