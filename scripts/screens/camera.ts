import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from '@playwright/test'
import { findBrowser } from '../../tests/support/browser'

const folder = join(process.cwd(), 'docs', 'screens')

export type Session = Awaited<ReturnType<BrowserContext['storageState']>>

/** Looks that are taken where they are asked for. */
const more: Record<string, BrowserContextOptions> = {
  '2560': { viewport: { width: 2560, height: 1440 }, colorScheme: 'light' },
}

const desk = { width: 1440, height: 900 }
/** The light one has the place's own name, for the README. */
const looks: Record<string, BrowserContextOptions> = {
  light: { viewport: desk, colorScheme: 'light' },
  dark: { viewport: desk, colorScheme: 'dark' },
  '768': { viewport: { width: 768, height: 1024 }, colorScheme: 'light' },
  '320': { viewport: { width: 320, height: 700 }, colorScheme: 'light' },
  'no-javascript': { viewport: desk, colorScheme: 'light', javaScriptEnabled: false },
}

export async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser()
  return chromium.launch({ executablePath, args, env: env as Record<string, string> })
}

/** Photographs a place in each look, as whoever the session belongs to. */
export async function photograph(
  browser: Browser,
  name: string,
  go: (page: Page) => Promise<unknown>,
  storageState?: Session,
  { only, also = [] }: { only?: string[]; also?: (keyof typeof more)[] } = {},
) {
  mkdirSync(folder, { recursive: true })
  const wanted = Object.entries({ ...looks, ...more }).filter(([look]) =>
    only ? only.includes(look) : look in looks || also.includes(look),
  )
  for (const [look, options] of wanted) {
    const context = await browser.newContext({ ...options, storageState, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await go(page)
    const file = `${name}${look === 'light' ? '' : `-${look}`}.png`
    writeFileSync(join(folder, file), await page.screenshot({ fullPage: true }))
    await context.close()
    console.log(file)
  }
}
