import { defineConfig } from "drizzle-kit";

/** `npx drizzle-kit generate --config edge-api/drizzle.config.ts` writes the next migration; `ops/migrate.ts` applies them. */
export default defineConfig({
  dialect: "postgresql",
  schema: "edge-api/src/db/schema/*.ts",
  out: "edge-api/migrations",
});
