/** The npm package `workerd` has no types. Its CommonJS `default` is the path of its binary. */
declare module "workerd" {
  /**
   * Node gives the CommonJS exports; loaders that honour `__esModule` (vitest) give its `default` at once.
   */
  const exported: string | { default: string };
  export default exported;
}
