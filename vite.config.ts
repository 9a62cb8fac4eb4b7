import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin, type Rollup } from 'vite'
import remixConfig from './remix.config.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Remix asks in the browser which of its flags are on. Ours are on for good, and what it would do without them is not
 * sent.
 */
const settledFlags: Plugin = {
  name: 'settled-flags',
  apply: (_, { isSsrBuild }) => !isSsrBuild,
  transform(code, id) {
    if (!/node_modules\/@remix-run\/react\//.test(id)) return
    const isOn = (flag: string) =>
      Object.entries(remixConfig.future ?? {}).some(([name, on]) => name === flag && on)
    return code.replace(/(?:window\.__remixContext\.)?\bfuture\.(v3_\w+)/g, (asked, flag) =>
      isOn(flag) ? 'true' : asked,
    )
  },
}

/** Presses the browser's files as hard as can be, once: `app/http/pressed-files.server.ts` hands these out. */
const pressed: Plugin = {
  name: 'pressed',
  apply: (_, { isSsrBuild, command }) => command === 'build' && !isSsrBuild,
  async writeBundle({ dir = '' }, bundle) {
    const names = Object.keys(bundle).filter((name) => /\.(?:js|css|svg)$/.test(name))
    await Promise.all(
      names.map(async (name) => {
        const file = await readFile(join(dir, name))
        await writeFile(join(dir, `${name}.br`), await promisify(brotliCompress)(file))
        await writeFile(join(dir, `${name}.gz`), await promisify(gzip)(file, { level: 9 }))
      }),
    )
  },
}

type Modules = Pick<Rollup.PluginContext, 'getModuleInfo'>

// with the bundler's own helpers: were they elsewhere, the two files would each need the other first
const framework =
  /node_modules\/(?:react|react-dom|scheduler|react-router|react-router-dom|turbo-stream|@remix-run)\/|^\0(?:commonjsHelpers|vite\/)/
const conform = /node_modules\/@conform-to\//

/** The pages, and what they load later, that cannot do without a module. */
function pagesOf(id: string, { getModuleInfo }: Modules, seen = new Set<string>()): Set<string> {
  const pages = new Set<string>()
  const climb = (at: string) => {
    if (seen.has(at)) return
    seen.add(at)
    const info = getModuleInfo(at)
    if (info?.isEntry || info?.dynamicImporters.length) pages.add(at)
    for (const importer of info?.importers ?? []) climb(importer)
  }
  climb(id)
  return pages
}

/** Whether a module is one of these, or loads one with itself. */
function needs(these: RegExp, id: string, modules: Modules, seen = new Set<string>()): boolean {
  if (these.test(id)) return true
  if (seen.has(id)) return false
  seen.add(id)
  return Boolean(modules.getModuleInfo(id)?.importedIds.some((each) => needs(these, each, modules, seen)))
}

/** A page about jobs, one's own or everyone's. */
const isJobs = (page: string) => /\/app\/routes\/(?:admin\/)?jobs\//.test(page)

/** How many pages must use a module for it to be in a file with others of that kind. */
const many = 12

/**
 * A list and a job are looked at most, so that they load little counts: what both need is one file, not fifty small
 * ones, each with headers of its own and compressed without knowing the others. What many other pages need is another file,
 * and what needs Conform a third, since neither of the two has a form that is answered there. What is left of a job's
 * page is a file for pages about jobs.
 */
function chunkOf(id: string, modules: Modules): string | undefined {
  if (id.endsWith('.css')) return
  if (framework.test(id)) return 'framework'
  if (modules.getModuleInfo(id)?.isEntry) return
  const pages = [...pagesOf(id, modules)]
  const isOn = (page: string) => pages.some((each) => each.includes(`/app/${page}`))
  const [isOnList, isOnJob, isFramed] = [
    isOn('routes/jobs/list.tsx'),
    isOn('routes/jobs/detail.tsx'),
    isOn('routes/frame.tsx'),
  ]
  const isOnMany = pages.length >= many
  if (isOn('root.tsx') || (isOnList && (isOnJob || isOnMany)) || (isFramed && isOn('routes/auth/')))
    return 'common'
  if (isFramed) return 'frame'
  // what other pages need as well must not draw them into a job's file
  if (isOnJob) return !isOnMany && pages.every(isJobs) ? 'job' : 'shared'
  if (isOnMany && needs(conform, id, modules)) return 'forms'
}

export default defineConfig(({ command, isSsrBuild }) => ({
  server: { host: process.env.HOST, port: Number(process.env.PORT), strictPort: true },
  plugins: [tailwindcss(), remix(remixConfig), settledFlags, pressed],
  // what runs on the server alone is not for the browser to load
  optimizeDeps: { exclude: ['@node-rs/argon2', 'libsql', '@libsql/client'] },
  resolve: {
    alias: [
      { find: '~db', replacement: here('./db') },
      { find: '~', replacement: here('./app') },
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
      // nothing here reads a property only for what its reading does
      compress: { passes: 2, keep_fargs: false, pure_getters: true },
      format: { comments: false },
    },
    rollupOptions: isSsrBuild ? undefined : { output: { manualChunks: chunkOf } },
  },
}))
