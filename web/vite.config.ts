/**
 * Builds the dashboard: hashed client files in dist/client, one self-contained server module in dist/server.
 */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { solidStart } from "@solidjs/start/config";
import tailwindcss from "@tailwindcss/vite";
import { type Plugin as EsbuildPlugin, build as esbuild } from "esbuild";
import { defineConfig, type Plugin } from "vite";
import { jsonSchemas } from "./build/json-schemas.ts";

const TEXT = /\.(js|css|svg|json|txt|webmanifest)$/;
/** Under names without a hash: the Worker writes the pages that use them, and does not know the hashes. */
const FONTS = [
  ["archivo.woff2", "archivo/files/archivo-latin-standard-normal.woff2"],
  ["mono.woff2", "jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2"],
] as const;

/** The fonts of visitors' pages and of the API reference. */
function fonts(): Plugin {
  return {
    name: "storagex:fonts",
    applyToEnvironment: (environment) => environment.name === "client",
    async writeBundle(options) {
      if (!options.dir) return;
      await mkdir(join(options.dir, "fonts"), { recursive: true });
      for (const [name, file] of FONTS)
        await copyFile(require.resolve(`@fontsource-variable/${file}`), join(options.dir, "fonts", name));
    },
  };
}

/**
 * Parts of zod that nothing in a page uses, and that its objects would keep: messages in fifty languages, and the
 * description of schemas as JSON Schema. 200 kB and 35 kB.
 */
function parsingOnly(): Plugin {
  return {
    name: "storagex:parsing-only",
    transform(code, id) {
      if (/\/zod\/v4\/locales\/index\.js$/.test(id)) return 'export { default as en } from "./en.js";';
      const describes = /\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/.test(id);
      return describes && this.environment.name === "client" ? nothingOf(code) : undefined;
    },
  };
}

/** A module with the same exports as `code`, of which none does anything. */
function nothingOf(code: string): string {
  const names = [...code.matchAll(/^export (?:const|function) (\w+)|^export \{ \w+ as (\w+) \}/gm)];
  return `const nothing = () => ({});\nexport { ${names.map(([, name, alias]) => `nothing as ${name ?? alias}`).join(", ")} };`;
}

/** In the browser contract's schemas only parse: the OpenAPI generator stays on the server. */
function lightSchemas(): Plugin {
  return {
    name: "storagex:light-schemas",
    enforce: "pre",
    applyToEnvironment: (environment) => environment.name === "client",
    resolveId: (id) =>
      id === "@hono/zod-openapi" ? fileURLToPath(new URL("src/api/schemas.ts", import.meta.url)) : undefined,
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
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}

/**
 * What our streams need of hls.js: MP4 segments with audio of their own. Its published builds cannot be taken
 * apart, so this one is made from its sources by its own switches.
 */
const HLS_SWITCHES = {
  ...Object.fromEntries(
    ["EME_DRM", "SUBTITLES", "CMCD", "CONTENT_STEERING", "VARIABLE_SUBSTITUTION", "M2TS_ADVANCED_CODECS"]
      .concat("MEDIA_CAPABILITIES", "INTERSTITIALS", "IFRAMES")
      .map((name) => [`__USE_${name}__`, "false"]),
  ),
  __USE_ALT_AUDIO__: "true",
  __IN_WORKER__: "false",
  __HLS_WORKER_BUNDLE__: "undefined",
};
/** Controllers of switched-off features: hls.js leaves out a controller that is undefined. */
const HLS_ABSENT = new RegExp(
  "/(id3-track-controller|eme-controller|cmcd-controller|content-steering-controller|interstitials-controller|" +
    "iframe-controller|subtitle-stream-controller|subtitle-track-controller|timeline-controller|fps-controller|cues)$",
);
/** Containers and ciphers that we do not make: nothing is ever recognised as one. */
const HLS_UNUSED = /\/(tsdemuxer|aacdemuxer|ac3-demuxer|mp3demuxer|mp4-remuxer|aes-decryptor|sample-aes)$/;
const NOTHING = `export default class { static probe() { return false; } }
const nothing = () => {};
export { nothing as removePadding, nothing as AC3Demuxer, nothing as flushTextTrackMetadataCueSamples,
  nothing as flushTextTrackUserdataCueSamples };`;

function smallHls(): EsbuildPlugin {
  const root = dirname(require.resolve("hls.js/package.json"));
  return {
    name: "storagex:small-hls",
    setup(build) {
      build.onResolve({ filter: /^hls\.js$/ }, () => ({ path: join(root, "src/exports-default.ts") }));
      for (const [filter, contents] of [
        [HLS_ABSENT, "export default undefined;"],
        [HLS_UNUSED, NOTHING],
      ] as const) {
        const namespace = filter === HLS_ABSENT ? "absent" : "unused";
        build.onResolve({ filter }, ({ importer, path }) =>
          importer.startsWith(root) ? { path, namespace } : undefined,
        );
        build.onLoad({ filter: /./, namespace }, () => ({ contents, loader: "js" }));
      }
    },
  };
}

/**
 * The script of visitors' pages, apart from the dashboard's: no framework, and a player that is loaded when it
 * plays. The Worker writes those pages and reads the names of the files from `dist/visitor.js`.
 */
function visitor(): Plugin {
  return {
    name: "storagex:visitor",
    applyToEnvironment: (environment) => environment.name === "client",
    async writeBundle(options) {
      if (!options.dir) return;
      const here = dirname(fileURLToPath(import.meta.url));
      const { version } = require("hls.js/package.json");
      const { metafile } = await esbuild({
        entryPoints: { visitor: join(here, "src/visitor/main.ts") },
        outdir: join(options.dir, "_build/assets"),
        entryNames: "[name]-[hash]",
        chunkNames: "visitor-[name]-[hash]",
        define: { ...HLS_SWITCHES, __VERSION__: JSON.stringify(version) },
        plugins: [smallHls()],
        ...{ bundle: true, splitting: true, minify: true, format: "esm", target: "es2022", metafile: true },
        ...{ absWorkingDir: here, legalComments: "none" },
      });
      const files = Object.entries(metafile.outputs).map(([path, { entryPoint }]) => ({
        url: `/${relative(options.dir ?? "", join(here, path))}`,
        entryPoint,
      }));
      const urlOf = (source: string) => files.find(({ entryPoint }) => entryPoint === source)?.url;
      const main = urlOf("src/visitor/main.ts");
      const hls = urlOf("src/visitor/hls.ts");
      if (!main || !hls) throw new Error("the visitor's script was not built");
      const shared = files.filter(({ entryPoint }) => entryPoint === undefined).map(({ url }) => url);
      await writeFile(
        join(here, "dist/visitor.js"),
        `export default ${JSON.stringify({ main, hls, shared })};\n`,
      );
    },
  };
}

/**
 * What many pages share, as few files instead of some forty: what every page needs, what a page needs once somebody is
 * signed in, and the library. The first group that takes a module has it, with what it imports: what the video's page
 * shares with the library is in `signed-in`.
 */
const SHARED_FILES = [
  {
    name: "every-page",
    test: new RegExp(
      "/node_modules/(solid-js/(web|dist)|@solidjs/(router|meta)|hono)/|/web/node_modules/p-retry/|" +
        "/web/src/(api/(session|act)|ui/(LoadedPart|Reason|Icon|theme/theme|format|file-dialog)|upload/choose/WindowDrop|messages/(common|shell)|answers/(answer|session|problem))\\.tsx?$",
    ),
  },
  {
    name: "signed-in",
    test: /\/web\/src\/(shell\/(SignedIn|Connected)|ui\/(Ago|Breakable|MoreButton|StatusBar)|library\/card\/card-acts|video\/(may|next-act|status-bar))\.tsx?$/,
  },
  { name: "library", test: /\/web\/src\/library\/(Library|VideoList)\.tsx$/ },
];

export default defineConfig({
  plugins: [
    solidStart({ devOverlay: false }),
    tailwindcss(),
    jsonSchemas(),
    parsingOnly(),
    lightSchemas(),
    fonts(),
    visitor(),
    compressed(),
  ],
  build: { target: "es2022", sourcemap: false },
  environments: {
    client: { build: { rolldownOptions: { output: { codeSplitting: { groups: SHARED_FILES } } } } },
    ssr: {
      // One module that runs in workerd: the server builds of Solid are chosen here, not by the next bundler.
      resolve: { noExternal: true, conditions: ["solid", "worker", "module"], external: [] },
      build: { minify: false },
    },
  },
});
