/** Uploads whose parts are those of a multipart upload of the object store. */
import { uploadCases } from "./uploads/cases.ts";

uploadCases({ inObjects: false });
