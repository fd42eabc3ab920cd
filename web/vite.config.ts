/**
 * Builds the dashboard: hashed client files in dist/client, one self-contained server module in dist/server.
 */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { solidStart } from "@solidjs/start/config";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";

const TEXT = /\.(js|css|svg|json|txt|webmanifest)$/;
/** Under names without a hash: the Worker writes the API reference's page and does not know the hashes. */
const FONTS = [
  ["archivo.woff2", "archivo/files/archivo-latin-standard-normal.woff2"],
  ["mono.woff2", "jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2"],
] as const;

/**
 * The API reference's page loads `/scalar/standalone.js` and its fonts: our own assets, never part of the
 * Worker.
 */
function scalar(): Plugin {
  return {
    name: "storagex:scalar",
    applyToEnvironment: (environment) => environment.name === "client",
    async writeBundle(options) {
      if (!options.dir) return;
      const from = join(dirname(fileURLToPath(import.meta.resolve("@scalar/api-reference"))), "browser");
      await mkdir(join(options.dir, "scalar"), { recursive: true });
      await copyFile(join(from, "standalone.js"), join(options.dir, "scalar/standalone.js"));
      for (const [name, file] of FONTS)
        await copyFile(require.resolve(`@fontsource-variable/${file}`), join(options.dir, "scalar", name));
    },
  };
}

/**
 * zod includes its messages in fifty languages, and a schema library that imports all of `z` keeps them: 200
 * kB unused.
 */
function englishOnly(): Plugin {
  return {
    name: "storagex:english-only",
    transform: (_code, id) =>
      /\/zod\/v4\/locales\/index\.js$/.test(id) ? 'export { default as en } from "./en.js";' : undefined,
  };
}

/** The Worker serves the `.br` and `.gz` files written here: plain workerd compresses nothing itself. */
function compressed(): Plugin {
  return {
    name: "storagex:compressed",
    applyToEnvironment: (environment) => environment.name === "client",
    writeBundle: {
      sequential: true,
      order: "post",
      async handler(options) {
        if (!options.dir) return;
        const files = await readdir(options.dir, { recursive: true, withFileTypes: true });
        const texts = files.filter((file) => file.isFile() && TEXT.test(file.name));
        await Promise.all(texts.map((file) => compress(join(file.parentPath, file.name))));
      },
    },
  };
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < 1_024) return;
  // Quality 11 takes 20 s on the 4 MB of the API reference and saves 3 %.
  const quality = bytes.length > 1_000_000 ? 8 : 11;
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}

export default defineConfig({
  plugins: [solidStart({ devOverlay: false }), tailwindcss(), englishOnly(), scalar(), compressed()],
  build: { target: "es2022", sourcemap: false },
  environments: {
    ssr: {
      // One module that runs in workerd: the server builds of Solid are chosen here, not by the next bundler.
      resolve: { noExternal: true, conditions: ["solid", "worker", "module"], external: [] },
      build: { minify: false },
    },
  },
});
