import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvLines } from '~/http/csv.server'

const texts = [
  'two\nlines',
  'two\rlines',
  'two\r\nlines',
  '\n',
  '\r',
  'a,b',
  'a "quoted" word',
  '"',
  'x\n=1+1',
  'x\r=1+1',
  ' spaces ',
  '',
]

/** As spreadsheets, Python and SQLite do: whatever ends a line outside of quotes ends the row. */
const anyLineEnd = { record_delimiter: ['\r\n', '\n', '\r'] }

test('rows and cells are the same to a parser that takes any line end as the end of a row', () => {
  const rows = texts.map((text, n) => [String(n), text, 'end'])
  expect(parse(csvLines(rows), anyLineEnd)).toEqual(rows)
  // RFC 4180, 2: each row on a line of its own, ended by CR LF
  expect(csvLines([['a', 'b\nc']])).toBe('a,"b\nc"\r\n')
})

const before = [
  '',
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u00a0',
  '\u3000',
  '\ufeff',
  '\u200b',
  '\0',
  '\u001f',
  ' \n\t',
]

test.each([...'=+-@＝＋－＠'])(
  'a cell that begins with %s is no formula, whatever stands before it',
  (sign) => {
    const cells = before.map((start) => `${start}${sign}cmd()`)
    const [read = []] = parse(csvLines([cells]), anyLineEnd) as string[][]
    expect(read).toEqual(cells.map((cell) => `'${cell}`))
  },
)

test('a plain number stays a number, a negative one too', () => {
  const numbers = ['0', '-1', '-0.5', '12.50', '-12345678901234567890', '1e-7', '-1E+6']
  expect(csvLines([numbers])).toBe(`${numbers.join(',')}\r\n`)
  const others = ['-1+2', '--1', '-1-1', '-', '+1', '-1\n', '-.5', '－1', '- 1']
  expect((parse(csvLines([others]), anyLineEnd) as string[][])[0]).toEqual(others.map((cell) => `'${cell}`))
})

test('text that is no formula stays as it is', () => {
  const cells = [
    'a=b',
    '\tindented',
    '  two',
    '\nafter a line',
    '2026-12-01',
    '{"a":"=1"}',
    'me@example.com',
    "'",
  ]
  expect((parse(csvLines([cells]), anyLineEnd) as string[][])[0]).toEqual(cells)
})
