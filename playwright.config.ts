import { defineConfig } from '@playwright/test'
import { findBrowser } from './tests/support/browser'

const { executablePath, args, env } = await findBrowser()

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // one more than the cores that most machines for tests have: browsers wait a lot
  workers: 3,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  use: {
    launchOptions: { executablePath, args, env: env as Record<string, string> },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // a trace of each test costs a third of the time: `npx playwright test --trace retain-on-failure` keeps them
  },
  projects: [
    // A test that needs a script to run says so with the tag @javascript, one that is about doing without with @no-javascript
    { name: 'javascript', grepInvert: /@no-javascript/ },
    { name: 'no-javascript', use: { javaScriptEnabled: false }, grepInvert: /@javascript/ },
  ],
})
