/** Whether the page is for people without an account: signing in, creating an account, setup, one-time links. */
export const isOpenPage = (pathname: string): boolean =>
  /^\/(login|register|setup|join|reset)(\/|$)/.test(pathname);
