import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fallbackFonts } from '../scripts/fonts/fallbacks'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

it('the fallback fonts have the metrics of the web fonts, and the page uses each of them', async () => {
  const css = await fallbackFonts()
  expect(read('app/fallback-fonts.css')).toBe(css)
  const families = [...css.matchAll(/font-family: (".+");/g)].map(([, family]) => family)
  expect(families).toHaveLength(3)
  const styles = read('app/styles.css')
  const stacks = `${/--font-sans: (.*);/.exec(styles)?.[1]}, ${/--font-mono: (.*);/.exec(styles)?.[1]}`
  for (const family of families) expect(stacks).toContain(family)
})
