import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginning } from '~/domain/beginning'

const family = '👨‍👩‍👧'
const flags = '🇩🇪🇫🇷🇯🇵'
const accented = 'e\u0301'

test.each([
  ['a short text whole', 'ab😀', 4, 'ab😀'],
  ['no half of a surrogate pair', 'ab😀', 3, 'ab'],
  ['no part of a joined emoji', `ab${family}`, 6, 'ab'],
  ['a joined emoji that fits', `ab${family}c`, 10, `ab${family}`],
  ['whole flags', flags, 6, '🇩🇪'],
  ['a letter with its accent', `a${accented}${accented}`, 4, `a${accented}`],
  ['no carriage return without its line feed', 'a\r\nb', 2, 'a'],
  ['nothing', 'ab', 0, ''],
  ['nothing where the first character is too long', family, 3, ''],
])('keeps %s', (_, text, max, expected) => {
  expect(beginning(text, max)).toBe(expected)
})

test('marks piled up without end are cut between code points', () => {
  const piled = `a${'\u0301'.repeat(1000)}`
  expect(beginning(piled, 500)).toBe(piled.slice(0, 500))
  expect(beginning(`${'a'.repeat(9)}😀${'\ufe0f'.repeat(1000)}`, 10)).toBe('a'.repeat(9))
})

test('is a beginning of the text, no longer than asked, and well-formed', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '😀', family, '🇩🇪', accented, '\r\n', '한'),
    maxLength: 40,
  })
  fc.assert(
    fc.property(text, fc.nat(80), (whole, max) => {
      const kept = beginning(whole, max)
      expect(whole.startsWith(kept)).toBe(true)
      expect(kept.length).toBeLessThanOrEqual(max)
      expect(kept.isWellFormed()).toBe(true)
      // what is left out would not have fitted
      const [next] = new Intl.Segmenter().segment(whole.slice(kept.length))
      if (next) expect(kept.length + next.segment.length).toBeGreaterThan(max)
    }),
  )
})
