import { describe, expect, it } from 'vitest'
import { dateText, exactText, relativeText } from '~/ui/time'

describe('exact times', () => {
  const at = Date.UTC(2026, 10, 24, 23, 3, 7)
  it.each([
    ['UTC', '24 Nov 2026, 23:03:07 UTC'],
    ['Europe/Berlin', '25 Nov 2026, 00:03:07 UTC+1'],
    ['America/New_York', '24 Nov 2026, 18:03:07 UTC-5'],
    ['Europe/London', '24 Nov 2026, 23:03:07 UTC'],
    ['Asia/Kathmandu', '25 Nov 2026, 04:48:07 UTC+5:45'],
  ])('in %s', (zone, text) => {
    expect(exactText(at, zone)).toBe(text)
    expect(dateText(at, zone)).toBe(text.split(',')[0])
  })

  it('tells the two hours apart in which a clock is put back', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30)
    expect(exactText(first, 'Europe/Berlin')).toBe('25 Oct 2026, 02:30:00 UTC+2')
    expect(exactText(first + 3_600_000, 'Europe/Berlin')).toBe('25 Oct 2026, 02:30:00 UTC+1')
  })

  it('is a date of the zone where it is long ago', () => {
    expect(relativeText(at, at + 8 * 24 * 3_600_000, 'Europe/Berlin')).toBe('25 Nov 2026')
    expect(relativeText(at, at + 5_000, 'Europe/Berlin')).toBe('just now')
  })
})
