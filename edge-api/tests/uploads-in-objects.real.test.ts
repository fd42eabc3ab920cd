/** Uploads whose parts are objects of their own: for a client everything is the same. */
import { uploadCases } from "./uploads/cases.ts";

uploadCases({ inObjects: true });
