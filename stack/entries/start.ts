/** Entry of `npm start`. */
import { runStack } from "../setup/run-stack.ts";

runStack();
