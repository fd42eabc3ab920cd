/** Whether the page is for people without an account: signing in, creating an account, setup, links. */
export const isOpenPage = (pathname: string): boolean =>
  /^\/(login|register|setup|join|reset|u)(\/|$)/.test(pathname);

/** Whether it is the page of an upload link: nobody is signed in there, whoever else uses the browser. */
export const isLinkedPage = (pathname: string): boolean => /^\/u(\/|$)/.test(pathname);
