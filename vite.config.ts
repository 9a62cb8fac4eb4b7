import { fileURLToPath } from 'node:url'
import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import remixConfig from './remix.config.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig(({ command }) => ({
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
  },
}))
