/** Made at build time by scripts/testFilesPlugin.mjs, from the folder of the file that imports it. */
declare module "test-files" {
  export const testFiles: readonly { readonly name: string; readonly load: () => Promise<unknown> }[];
}
