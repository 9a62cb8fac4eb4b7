import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const elsewhere = [...configDefaults.exclude, 'tests/e2e/**', 'tests/bench/**']

export default defineConfig({
  resolve: { alias: { '~db': here('./db'), '~': here('./app') } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    // of Remix's own test stub, which has no way to set the flag
    onConsoleLog: (text) => !text.includes('React Router Future Flag Warning'),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: [...elsewhere, 'tests/ui/**', 'tests/storms/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['tests/ui/**/*.test.{ts,tsx}'],
          exclude: elsewhere,
          setupFiles: ['tests/support/components.ts'],
        },
      },
      {
        extends: true,
        test: {
          // The real server, killed and started again: after the others, one at a time, with patience
          name: 'storms',
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
