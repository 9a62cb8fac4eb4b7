import { test as base, expect, type Page } from '@playwright/test'
import { ADMIN, type ServerOptions, startServer, type TestServer } from './server'

export { expect } from '@playwright/test'

type Fixtures = { server: TestServer }
type FileFixtures = { fileServer: { of(file: string, options: ServerOptions): Promise<TestServer> } }
type Options = { serverOptions: ServerOptions }

/**
 * Playwright's `test` with a Docket of the file's own: `server` is started for the first test that asks for it (or for
 * `page`, whose paths are relative to it), serves all tests of that file, and is gone after them.
 *
 *     test.use({ serverOptions: { admin: true } })
 *     test('signs in', async ({ page, server }) => { await page.goto('/login') })
 */
export const test = base.extend<Fixtures & Options, FileFixtures>({
  serverOptions: [{}, { option: true }],
  fileServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      let current: { file: string; server: TestServer } | undefined
      await use({
        async of(file, options) {
          if (current?.file !== file) {
            await current?.server.dispose()
            current = { file, server: await startServer(options) }
          }
          return current.server
        },
      })
      await current?.server.dispose()
    },
    { scope: 'worker' },
  ],
  server: async ({ fileServer, serverOptions }, use, { file }) => {
    await use(await fileServer.of(file, serverOptions))
  },
  baseURL: async ({ server }, use) => {
    await use(server.origin)
  },
})

interface Person {
  email: string
  password: string
}

/** Signs in by the form, with JavaScript or without, and waits for the list that this leads to. */
export async function signIn(page: Page, { email, password }: Person = ADMIN): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/jobs$/)
}
