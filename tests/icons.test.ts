import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { iconNames, iconSprite } from '../scripts/icons/sprite'

it('the file of icons has each icon that is named, as its package draws it', async () => {
  const kept = readFileSync(new URL('../app/ui/icons.svg', import.meta.url), 'utf8')
  expect(kept).toBe(await iconSprite())
  expect(iconNames().length).toBeGreaterThan(40)
  for (const name of iconNames()) expect(kept).toContain(`<symbol id="${name}"`)
})
