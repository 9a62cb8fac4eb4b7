import { get } from 'node:http'
import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'

/** How much a page loads the first time: a browser that has nothing yet. */

test.use({ serverOptions: { admin: true } })

const most = 110 * 1024

/** The scripts that a page loads, and what it asks of another origin. */
async function asked(page: Page, path: string): Promise<{ scripts: string[]; elsewhere: string[] }> {
  const scripts: string[] = []
  const elsewhere: string[] = []
  const origin = new URL(page.url()).origin
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) elsewhere.push(request.url())
  })
  // where scripts are off the browser lets go of them before they come
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url())
  })
  await page.goto(path, { waitUntil: 'networkidle' })
  return { scripts, elsewhere }
}

/** Bytes of a body as it comes. */
const sizeOf = (url: string, encoding: string) =>
  new Promise<number>((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': encoding } }, (answer) => {
      let size = 0
      answer.on('data', (piece: Buffer) => {
        size += piece.length
      })
      answer.on('end', () => resolve(answer.headers['content-encoding'] === encoding ? size : Number.NaN))
    }).on('error', reject)
  })
const sizesOf = async (urls: string[], encoding: string) =>
  (await Promise.all(urls.map((url) => sizeOf(url, encoding)))).reduce((sum, size) => sum + size, 0)

test('a list, a job to review and the way in load little, from here alone', async ({
  browser,
  server,
  javaScriptEnabled,
}) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob()
  await script.jobIn(id, 'IN_REVIEW')
  const door = await browser.newPage({ baseURL: server.origin, javaScriptEnabled })
  await signIn(door)
  const storageState = await door.context().storageState()
  for (const [path, state] of [
    ['/login', undefined],
    ['/jobs', storageState],
    [`/jobs/${id}`, storageState],
  ] as const) {
    const page = await browser.newPage({ baseURL: server.origin, storageState: state, javaScriptEnabled })
    await page.goto('/healthz')
    const { scripts, elsewhere } = await asked(page, path)
    expect(elsewhere).toEqual([])
    if (javaScriptEnabled === false) expect(scripts).toEqual([])
    else {
      const [gzip, br] = [await sizesOf(scripts, 'gzip'), await sizesOf(scripts, 'br')]
      test
        .info()
        .annotations.push({ type: `scripts of ${path}`, description: `${gzip} bytes gzip, ${br} br` })
      expect(gzip).toBeGreaterThan(50_000)
      expect(gzip, path).toBeLessThanOrEqual(most)
      expect(br).toBeLessThan(gzip)
    }
    await page.context().close()
  }
  await door.context().close()
})
