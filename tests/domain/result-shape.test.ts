import { describe, expect, test } from 'vitest'
import { looksLikeMarkdown, mostColumns, mostRows, shapeOf } from '~/domain/jobs/result-shape'
import { markdownHtml, mostMarkdown } from '~/http/markdown.server'

const kind = (value: unknown) => shapeOf(JSON.stringify(value)).kind

test.each([
  ['text', 'It has 3 words.'],
  ['text', 'a - b\n- not a list'],
  ['text', 'Costs: 5 * 3 ** 2'],
  ['markdown', '# Report\n\nAll is well.'],
  ['text', '# uname -a\nLinux host 6.1\n# whoami\nroot\n'],
  ['markdown', '## Status\nAll is well.'],
  ['markdown', 'See:\n\n- one\n- two\n\nand **this**.'],
  ['markdown', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
  ['markdown', 'a | b\r\n:--- | ---:\r\n1 | 2'],
  ['text', 'Use a | b\n\n---- | a rule'],
  ['markdown', '```js\nlet a\n```'],
  ['markdown', { type: 'text/markdown', content: 'plain words' }],
  ['markdown', { markdown: 'plain words' }],
  ['image', 'data:image/png;base64,iVBORw0KGgo='],
  ['image', { contentType: 'image/webp', base64: 'UklGRg==' }],
  ['image', ` data:image/gif;base64,${'R0lG'.repeat(500_000)} `],
  ['image', { note: 1, content: `data:image/jpeg;base64,${'A'.repeat(600_000)}` }],
  ['markdown', { markdown: 'plain words', image: 'data:image/png;base64,iVBORw0KGgo=' }],
  ['text', `data:image/png;base64,${'A'.repeat(600_000)}-`],
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

test('a field called as a number of ours is none, and a name that stands twice makes no table', () => {
  const json = '[{"isLosslessNumber":true,"toString":"x","written":"1"}]'
  expect(shapeOf(json)).toMatchObject({ rows: [['true', 'x', '1']] })
  expect(kind([{ a: { isLosslessNumber: true, toString: 'x' } }])).toBe('json')
  expect(shapeOf('[{"a":1,"a":2}]')).toEqual({ kind: 'json' })
})

test('what is no JSON, too deep or too long is no error', () => {
  expect(shapeOf('{')).toEqual({ kind: 'json' })
  expect(shapeOf('['.repeat(100_000))).toEqual({ kind: 'json' })
  expect(shapeOf(JSON.stringify('# a\n'.repeat(200_000)))).toEqual({ kind: 'text' })
  expect(looksLikeMarkdown('*'.repeat(50_000))).toBe(false)
})

test('whether it is Markdown takes as long as the text is', () => {
  // several in the same run, and the best of each: the machine may be at other work
  const fastest = (text: string) =>
    Math.min(
      ...Array.from({ length: 15 }, () => {
        const from = performance.now()
        looksLikeMarkdown(text)
        return performance.now() - from
      }),
    )
  for (const part of ['|', '[', '[a](http://', '**a', '`', '- a\n ', '|a', '-']) {
    const ofLength = (length: number) => part.repeat(length / part.length)
    fastest(ofLength(2000))
    // ten times the text: a hundred times as long where every place is read from every other
    expect(fastest(ofLength(20_000)), part).toBeLessThan(40 * fastest(ofLength(2000)) + 0.5)
  }
})

describe('Markdown is shown safely', () => {
  test('headings below the page’s own, lists, code, tables and links', () => {
    const { html } = markdownHtml(
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
    '[x](/logout)',
    '[x](?cancel)',
    '[x](#log)',
    '[x](https:/logout)',
    '![x](../settings)',
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
    const { html } = markdownHtml(text)
    expect(html).not.toMatch(/<(script|img|svg|iframe|style|b|object|form|input)\b/i)
    expect(html).not.toMatch(/<[^>]+\s(on\w+|style|class|id|src)=/i)
    expect(html).not.toMatch(/<a[^>]*href="(?!https?:\/\/|mailto:)/i)
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
      expect(typeof markdownHtml(text).html).toBe('string')
    }
  })

  test('lines stay lines', () => {
    expect(markdownHtml('## Status\n\nCurrent: done\nNext: review\r\nLast: publish').html).toBe(
      '<h4>Status</h4>\n<p>Current: done<br />\nNext: review<br />\nLast: publish</p>\n',
    )
    expect(markdownHtml('- one\n  more\n- two').html).toContain('<li>one<br />\nmore</li>')
  })

  test('the prompts of a root shell are no headings', () => {
    expect(markdownHtml('# uname -a\nLinux host 6.1\n# whoami\nroot\n#\n# exit').html).toBe(
      '<p># uname -a<br />\nLinux host 6.1<br />\n# whoami<br />\nroot<br />\n#<br />\n# exit</p>\n',
    )
    expect(markdownHtml('It ran:\n# id\nuid=0').html).toBe('<p>It ran:<br />\n# id<br />\nuid=0</p>\n')
    expect(markdownHtml('> # id\n> uid=0').html).toContain('<p># id<br />\nuid=0</p>')
  })

  test.each([
    ['# Report\n\nText', '<h3>Report</h3>\n<p>Text</p>\n'],
    ['# Report\n \t\nText', '<h3>Report</h3>\n<p>Text</p>\n'],
    ['# Report\n## Summary\nText', '<h3>Report</h3>\n<h4>Summary</h4>\n<p>Text</p>\n'],
    ['Text\n### Steps\n1. One', '<p>Text</p>\n<h5>Steps</h5>\n<ol>\n<li>One</li>\n</ol>\n'],
    ['## Status', '<h4>Status</h4>\n'],
  ])('headings are: %j', (text, html) => {
    expect(markdownHtml(text).html).toBe(html)
  })

  test.each([
    'README.md',
    'deploy.sh and main.rs',
    'docs/setup.py:12',
    'www.example.com',
    'example.com/a',
    'ann@example.com',
    '//example.com/a',
    'ftp://example.com/a',
    '10.0.0.1',
  ])('%s is no link', (text) => {
    expect(markdownHtml(`See ${text} for more.`).html).toBe(`<p>See ${text} for more.</p>\n`)
  })

  test.each(['https://example.com/a.md', 'http://example.com', 'mailto:ann@example.com'])(
    '%s is one',
    (text) => {
      expect(markdownHtml(`See ${text} for more.`).html).toContain(`<a href="${text}"`)
    },
  )

  test.each([
    ['It costs ~$120B (~$55-65B of it) and 3 ~ 4 days.', 'It costs ~$120B (~$55-65B of it) and 3 ~ 4 days.'],
    [
      'From $5 to $10, _a_b_c_ and 2*3*4 snake_case_name',
      'From $5 to $10, <em>a_b_c</em> and 2<em>3</em>4 snake_case_name',
    ],
    ['Use Map<string, List<int>> and <Button>', 'Use Map&lt;string, List&lt;int&gt;&gt; and &lt;Button&gt;'],
  ])('%s: its signs are shown', (text, html) => {
    expect(markdownHtml(text).html).toBe(`<p>${html}</p>\n`)
  })

  test('no character is halved at the cut', () => {
    const { html, isCut } = markdownHtml(`${'x'.repeat(mostMarkdown - 1)}😀 end`)
    expect([isCut, html.isWellFormed(), html.includes('😀')]).toEqual([true, true, false])
  })

  test('a link of ours loses its address and keeps its text', () => {
    expect(markdownHtml('See [the *log*](/jobs/1).').html).toBe('<p>See the <em>log</em>.</p>\n')
  })

  test.each([
    ['characters', 'word '.repeat(mostMarkdown)],
    ['rows', `|a|\n|-|\n${'|\n'.repeat(10_000)}`],
    ['cells', `${'|a'.repeat(100)}\n${'|-'.repeat(100)}\n${'|\n'.repeat(10_000)}`],
    ['lines', '> - a\n'.repeat(5000)],
  ])('so many %s end early, say so, and leave nothing open', (_, text) => {
    const { html, isCut } = markdownHtml(text)
    expect(isCut).toBe(true)
    expect(html.length).toBeLessThan(60_000)
    const open: string[] = []
    for (const [, end, name] of html.matchAll(/<(\/?)(\w+)/g)) {
      if (!end) open.push(name as string)
      else expect(open.pop()).toBe(name)
    }
    expect(open).toEqual([])
  })

  test('what is short is whole, and brackets without end are text', () => {
    expect(markdownHtml('# a\n\n- b').isCut).toBe(false)
    const { html, isCut } = markdownHtml(`${'['.repeat(15_000)}\n\n[late](https://a.example)`)
    expect(isCut).toBe(false)
    expect(html).toContain('[late](')
  })
})
