import { describe, expect, it } from 'vitest'
import { excerpt, resultExcerpt, shown } from '~/ui/excerpt'
import { jsonString, prettyJson } from '~/ui/pretty-json'

describe('an excerpt', () => {
  it('is the whole where that is short', () => {
    const all = { json: '{"a":1}', cut: false, isRedacted: false, characters: 7, whole: '/w' }
    expect(excerpt('{"a":1}', 10, '/w')).toEqual(all)
  })

  it('of a long string is a string, cut between characters', () => {
    const { json, cut, characters } = excerpt(JSON.stringify(`${'x'.repeat(9)}\u{1f600}"`), 10, '/w')
    expect(jsonString(json)).toBe('x'.repeat(9))
    expect([cut, characters]).toEqual([true, 12])
  })

  it('of anything else just ends, and a page lays it out as far as it goes', () => {
    const { json, cut } = excerpt('{"a": [1, "two words and more"]}', 20, '/w')
    expect(cut).toBe(true)
    expect(prettyJson(json)).toBe('{\n  "a": [\n    1,\n    "two words')
  })

  it('tells of what is redacted, also past its end', () => {
    const json = JSON.stringify({ long: 'x'.repeat(20_000), password: '[redacted]' })
    expect(excerpt(json, 10_000, '/w')).toMatchObject({ cut: true, isRedacted: true })
    expect(excerpt(json.replace('[redacted]', ''), 10_000, '/w').isRedacted).toBe(false)
  })

  it('of a huge result has its summary', () => {
    const result = JSON.stringify({ rows: 'x'.repeat(4_800_000), summary: 'Many rows.' })
    const { json, summary, characters } = resultExcerpt(result, '/w')
    expect(json).toHaveLength(shown.result)
    expect([summary, characters]).toEqual(['Many rows.', result.length])
  })
})

describe('laid-out JSON', () => {
  it('indents twenty levels and no further', () => {
    const lines = prettyJson(`${'['.repeat(2000)}1${']'.repeat(2000)}`).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBe(41)
    expect(lines).toHaveLength(4001)
  })

  it('stops soon after what is asked for', () => {
    expect(prettyJson(`[${'1,'.repeat(20_000)}1]`, 1000).length).toBeLessThan(1010)
  })

  it('takes text that ends anywhere', () => {
    const whole = '{"a": "b \\\\ \\" c", "d": [true, {"e": 1.5}]}'
    for (let end = 0; end <= whole.length; end++) {
      const bare = (text: string) => text.replace(/\s/g, '')
      expect(bare(prettyJson(whole.slice(0, end)))).toBe(bare(whole.slice(0, end)))
    }
  })
})
