/** The dashboard in a real browser over the running product: what a person sees and does there. */
import { accountTests } from "./browser/account.ts";
import { administrationTests } from "./browser/administration.ts";
import { budgetTests } from "./browser/budgets.ts";
import { elsewhereTests } from "./browser/elsewhere.ts";
import { failureTests } from "./browser/failures.ts";
import { languageTests } from "./browser/languages.ts";
import { layoutTests } from "./browser/layout.ts";
import { libraryTests } from "./browser/library.ts";
import { peopleTests } from "./browser/people.ts";
import { videoTests } from "./browser/videos.ts";
import { inBrowser } from "./testing/in-browser.ts";

inBrowser(
  peopleTests,
  accountTests,
  administrationTests,
  videoTests,
  elsewhereTests,
  failureTests,
  libraryTests,
  layoutTests,
  budgetTests,
  languageTests,
);
