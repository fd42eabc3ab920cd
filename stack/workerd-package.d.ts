/** The registry's `workerd` package says nothing of its types: it exports the path of its binary. */
declare module "workerd" {
  const binary: string;
  export default binary;
}
