import { fileURLToPath } from 'node:url'
import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Rollup } from 'vite'
import remixConfig from './remix.config.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

type Modules = Pick<Rollup.PluginContext, 'getModuleInfo'>

/** How many pages must use a module for it to be loaded with the first one. */
const common = 12
// with the bundler's own helpers: were they elsewhere, the two files would each need the other first
const framework =
  /node_modules\/(?:react|react-dom|scheduler|react-router|react-router-dom|turbo-stream|@remix-run)\/|^\0(?:commonjsHelpers|vite\/)/

/** The pages that cannot do without a module. */
function pagesOf(id: string, { getModuleInfo }: Modules, seen = new Set<string>()): Set<string> {
  const pages = new Set<string>()
  const climb = (at: string) => {
    if (seen.has(at)) return
    seen.add(at)
    const info = getModuleInfo(at)
    if (info?.isEntry) pages.add(at)
    for (const importer of info?.importers ?? []) climb(importer)
  }
  climb(id)
  return pages
}

/**
 * What most pages use is one file, not fifty small ones: each of these has headers of its own, and is compressed
 * without knowing the others.
 */
function chunkOf(id: string, modules: Modules): string | undefined {
  if (id.endsWith('.css')) return
  if (framework.test(id)) return 'framework'
  if (modules.getModuleInfo(id)?.isEntry) return
  return pagesOf(id, modules).size >= common ? 'common' : undefined
}

export default defineConfig(({ command, isSsrBuild }) => ({
  server: { host: process.env.HOST, port: Number(process.env.PORT), strictPort: true },
  plugins: [tailwindcss(), remix(remixConfig)],
  // what runs on the server alone is not for the browser to load
  optimizeDeps: { exclude: ['@node-rs/argon2', 'libsql', '@libsql/client'] },
  resolve: {
    alias: [
      { find: '~db', replacement: here('./db') },
      { find: '~', replacement: here('./app') },
      // every icon is drawn by ours; in development the package stays as it is
      ...(command === 'build'
        ? [{ find: /^\.\.\/createLucideIcon\.mjs$/, replacement: here('./app/ui/create-icon.tsx') }]
        : []),
    ],
  },
  // in development each module stays its own
  ssr:
    command === 'serve'
      ? undefined
      : {
          // one bundle is read faster than a thousand small files, and the start is what people wait for
          noExternal: true,
          // native code, code that finds its own files, and what remix-serve shares with us
          external: ['libsql', '@node-rs/argon2', 'pino', '@remix-run/node', '@zxcvbn-ts/language-common'],
        },
  // licences stand in node_modules; in each of many small files they would be a tenth of it
  esbuild: { legalComments: 'none' },
  build: {
    // entry.server awaits the database at module scope, before the server listens
    target: 'es2022',
    // remix-serve would serve copies of public/ as immutable for a year
    copyPublicDir: false,
    // for the browser each kilobyte counts, for the server the time of the build
    minify: isSsrBuild ? false : 'terser',
    terserOptions: {
      ecma: 2020,
      module: true,
      compress: { passes: 2, keep_fargs: false },
      format: { comments: false },
    },
    rollupOptions: isSsrBuild ? undefined : { output: { manualChunks: chunkOf } },
  },
}))
