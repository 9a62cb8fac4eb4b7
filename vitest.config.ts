import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { fileTests } from './tests/support/file-tests'
import { isOnRealServer, patience } from './tests/support/on-real-server'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const elsewhere = [...configDefaults.exclude, 'tests/e2e/**', 'tests/bench/**']
/** `npm run test:server` leaves out what is about files; tests/support/say-left-out.ts says so. */
const leftOut = isOnRealServer ? fileTests() : []
const freshStart = 'tests/support/fresh-start.ts'
const serverGrammar = 'tests/support/server-grammar.ts'
const testServer = 'tests/support/test-server.ts'

export default defineConfig({
  resolve: { alias: { '~db': here('./db'), '~': here('./app') } },
  test: {
    pool: 'forks',
    // of two namespaces that are made at the same moment, sqld forgets one
    maxWorkers: isOnRealServer ? 1 : 2,
    // each file has its own modules all the same: tests/support/fresh-start.ts
    isolate: false,
    testTimeout: 20_000 * patience,
    hookTimeout: 20_000 * patience,
    // of Remix's own test stub, which has no way to set the flag
    onConsoleLog: (text) => !text.includes('React Router Future Flag Warning'),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: isOnRealServer ? ['tests/support/say-left-out.ts'] : [],
          setupFiles: [freshStart, serverGrammar, testServer],
          environment: 'node',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: [...elsewhere, 'tests/ui/**', 'tests/storms/**', ...leftOut.map(({ file }) => file)],
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['tests/ui/**/*.test.{ts,tsx}'],
          exclude: elsewhere,
          setupFiles: [freshStart, 'tests/support/components.ts'],
        },
      },
      {
        extends: true,
        test: {
          // The real server, killed and started again: after the others, one at a time, with patience
          name: 'storms',
          setupFiles: [serverGrammar],
          environment: 'node',
          include: ['tests/storms/**/*.test.ts'],
          exclude: elsewhere,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
