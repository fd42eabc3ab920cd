/** The module of the page that the server rendered. */
import { FileRoutes } from "@solidjs/start/router";

type Route = { path: string; component?: { preload(): Promise<unknown> } };

/**
 * Loads it. Await it before the page hydrates: Solid gives hydration up at the first click or key while a lazy
 * component is awaited, draws the page anew, and what was typed into it is lost. A module that does not come is
 * left to the router, which shows the error.
 */
export async function loadPageModule(pathname: string): Promise<void> {
  const routes: readonly Route[] = FileRoutes();
  const route = routes.find(({ path }) => patternOf(path).test(pathname)) ?? routes.find(isOfTheRest);
  await route?.component?.preload().catch(() => undefined);
}

/** Of a route's path, such as `/videos/:id`. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\/$/, "").replace(/:\w+/g, "[^/]+")}/?$`);

const isOfTheRest = ({ path }: Route): boolean => path.startsWith("/*");
