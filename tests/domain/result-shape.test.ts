import { describe, expect, test } from 'vitest'
import { looksLikeMarkdown, mostColumns, mostRows, shapeOf } from '~/domain/jobs/result-shape'
import { markdownHtml, mostMarkdown } from '~/http/markdown.server'

const kind = (value: unknown) => shapeOf(JSON.stringify(value)).kind

test.each([
  ['text', 'It has 3 words.'],
  ['text', 'a - b\n- not a list'],
  ['text', 'Costs: 5 * 3 ** 2'],
  ['markdown', '# Report\n\nAll is well.'],
  ['markdown', 'See:\n\n- one\n- two\n\nand **this**.'],
  ['markdown', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
  ['markdown', '```js\nlet a\n```'],
  ['markdown', { type: 'text/markdown', content: 'plain words' }],
  ['markdown', { markdown: 'plain words' }],
  ['image', 'data:image/png;base64,iVBORw0KGgo='],
  ['image', { contentType: 'image/webp', base64: 'UklGRg==' }],
  ['text', 'data:image/svg+xml;base64,PHN2Zz4='],
  ['text', 'data:image/png;base64,"><script>'],
  ['json', { contentType: 'image/svg+xml', base64: 'PHN2Zz4=' }],
  ['table', [{ a: 1 }, { b: 'x' }]],
  ['table', { columns: ['a', 'b'], rows: [[1, 2]] }],
  ['table', { delimiter: ',', rows: 3, columns: [{ name: 'a', type: 'integer' }] }],
  ['json', [1, 2, 3]],
  ['json', []],
  ['json', { a: 1, b: 2 }],
  ['json', [{ a: { deep: 1 } }]],
  ['json', { one: [{ a: 1 }], two: [{ b: 1 }] }],
  ['json', null],
  ['json', 12],
] as const)('%s: %j', (expected, value) => {
  expect(kind(value)).toBe(expected)
})

test('numbers of a table stay as they were written, and a huge one is bounded', () => {
  const table = shapeOf('[{"id":12345678901234567890123,"x":1.10},{"id":null,"x":"a"}]')
  expect(table).toMatchObject({
    rows: [
      ['12345678901234567890123', '1.10'],
      ['', 'a'],
    ],
    numeric: [true, false],
    total: { rows: 2, columns: 2 },
  })
  const wide = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`c${n}`, n]))
  const huge = shapeOf(JSON.stringify(Array(600).fill(wide)))
  if (huge.kind !== 'table') throw new Error(huge.kind)
  expect([huge.rows.length, huge.columns.length]).toEqual([mostRows, mostColumns])
  expect(huge.total).toEqual({ rows: 600, columns: 50 })
})

test('what is no JSON, too deep or too long is no error', () => {
  expect(shapeOf('{')).toEqual({ kind: 'json' })
  expect(shapeOf('['.repeat(100_000))).toEqual({ kind: 'json' })
  expect(shapeOf(JSON.stringify('# a\n'.repeat(200_000)))).toEqual({ kind: 'text' })
  expect(looksLikeMarkdown('*'.repeat(50_000))).toBe(false)
})

describe('Markdown is shown safely', () => {
  test('headings below the page’s own, lists, code, tables and links', () => {
    const html = markdownHtml(
      '# A\n\n- [x](https://example.com/?a=1&b=2)\n\n| a |\n|---|\n| 1 |\n\n```js\nif (a < b) {}\n```',
    )
    expect(html).toContain('<h3>A</h3>')
    expect(html).toContain(
      '<a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a>',
    )
    expect(html).toContain('<td>1</td>')
    expect(html).toContain('<code>if (a &lt; b) {}')
  })

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:x)',
    '[x](//evil.example/a)',
    '![x](https://evil.example/pixel.png)',
    '![x](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '"><svg onload=alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '`<script>`',
    '<iframe src="https://evil.example">',
    '<style>*{display:none}</style>',
    '# <b onclick=x>a</b>',
  ])('%s', (text) => {
    const html = markdownHtml(text)
    expect(html).not.toMatch(/<(script|img|svg|iframe|style|b|object|form|input)\b/i)
    expect(html).not.toMatch(/<[^>]+\s(on\w+|style|class|id|src)=/i)
    expect(html).not.toMatch(/<a[^>]*href="(?!https?:|mailto:)/i)
  })

  test('a megabyte, and nests without end, take no time worth speaking of', () => {
    for (const text of [
      '# a **b** [c](https://d.example)\n'.repeat(30_000),
      '> '.repeat(200_000),
      '[['.repeat(200_000),
      '```'.repeat(100_000),
      '*a **'.repeat(50_000),
    ]) {
      // the test's own time limit is what it must not reach
      expect(typeof markdownHtml(text)).toBe('string')
    }
    expect(markdownHtml('a'.repeat(mostMarkdown + 10)).length).toBeLessThan(mostMarkdown + 20)
  })
})
