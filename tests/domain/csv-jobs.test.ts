import { afterAll, beforeAll, expect, test } from 'vitest'
import { Conflict, Invalid, NotFound } from '~/domain/errors'
import { findJob, listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { makeFromCsv, previewCsv } from '~/domain/templates/csv.server'
import { csvRows } from '~/domain/templates/csv-rows.server'
import { newTemplateInput } from '~/domain/templates/input'
import { createTemplate } from '~/domain/templates/save.server'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

let stage: TestDesk
let desk: TestDesk['desk']
let olive: UserActor
let template: string
const input = newTemplateInput.parse({
  name: 'Bill',
  job: {
    ...{ name: 'Bill {{customer}}', description: 'The sum is {{amount}}', acceptanceCriteria: 'c' },
    tags: ['billing'],
  },
  variables: [{ name: 'amount', type: 'number', default: '5' }],
})

beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  olive = await addUser(desk, 'Olive')
  template = (await createTemplate(desk, olive, input)).id
})
afterAll(() => stage.close())

const arrayOf = async <Each>(from: AsyncIterable<Each>) => {
  const all: Each[] = []
  for await (const each of from) all.push(each)
  return all
}
const preview = (text: string) => previewCsv(desk, olive, template, text)

test.each([
  ['commas', 'customer,amount\nacme,1\n"a, ""b""",2\n'],
  ['CRLF and a byte order mark', '\uFEFFcustomer,amount\r\nacme,1\r\n"a, ""b""",2\r\n'],
  ['semicolons', 'customer;amount\nacme;1\n"a, ""b""";2'],
  ['tabs and empty lines', 'customer\tamount\n\nacme\t1\n\n"a, ""b"""\t2\n'],
  ['CR alone', 'customer,amount\racme,1\r"a, ""b""",2\r'],
  ['mixed line ends', 'customer,amount\r\nacme,1\n"a, ""b""",2\r'],
  ['a separator line, as Excel writes it', 'sep=;\r\ncustomer;amount\r\nacme;1\r\n"a, ""b""";2\r\n'],
  ['a separator line after a byte order mark', '\uFEFFsep=|\ncustomer|amount\nacme|1\n"a, ""b"""|2\n'],
  ['column names in any case', ' Customer ,AMOUNT\nacme,1\n"a, ""b""",2\n'],
  ['rows of separators alone', 'customer,amount\nacme,1\n"a, ""b""",2\n,\n,\n'],
  ['empty columns at the end', 'customer,amount,,\nacme,1,,\n"a, ""b""",2\n'],
  ['an empty column in between', 'customer,,amount\nacme,,1\n"a, ""b""",,2\n'],
  ['a separator in a quoted name', '"customer";"amount"\n"acme";1\n"a, ""b""";2\n'],
])('reads %s', async (_, text) => {
  const { rows, good, bad, first } = await preview(text)
  expect({ rows, good, bad }).toEqual({ rows: 2, good: 2, bad: [] })
  expect(first.map(({ name }) => name)).toEqual(['Bill acme', 'Bill a, "b"'])
})

test.each([
  ['nothing', ' \n', /empty/],
  ['no row', 'customer\n', /no row below/],
  ['a column that is none', 'customer,colour\na,red', /“colour” is none of customer, amount, priority, tags/],
  ['a column twice', 'customer,customer\na,b', /twice/],
  ['a column that is missing', 'amount\n1', /lacks the column “customer”/],
  ['a quote that never ends', 'customer\nb\n"a', /Row 3 can’t be read. A quote opens in it and never closes/],
  ['text behind a quote', 'customer\n"a"b\n', /Row 2 can’t be read. There is text behind a closing quote/],
  ['a quote in a cell', 'customer\na "b"\n', /Row 2 can’t be read. There is a quote in the middle of a cell/],
  ['a row that never ends', `customer\n"${'a'.repeat(1_100_000)}`, /Row 2 can’t be read. It is larger than/],
  ['too many rows', `customer\n${'a\n'.repeat(1001)}`, /more than 1,000 rows/],
])('refuses %s', async (_, text, why) => {
  const refused = await preview(text).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Invalid)
  expect((refused as Invalid).fields.csv?.[0]).toMatch(why)
})

test('counts rows as a spreadsheet does: empty ones too, and a cell of two lines once', async () => {
  const { bad, first } = await preview('\ncustomer;amount\n\n"a";1\n\n"b\nb";1\nc;much\n')
  expect(first.map(({ row }) => row)).toEqual([4])
  expect(bad.map(({ row, errors }) => [row, Object.keys(errors)])).toEqual([
    [6, ['customer']],
    [7, ['amount']],
  ])
})

test('a replacement character is text, and digits stay as they are written', async () => {
  const { first } = await preview('customer,amount\nWhat \uFFFD means,12345678901234567890.10\n')
  expect(first[0]).toMatchObject({
    name: 'Bill What \uFFFD means',
    description: 'The sum is 12345678901234567890.10',
  })
})

test('says which row has a value where no column is, or too many cells', async () => {
  const { bad, good } = await preview('customer,,amount\na,x,1\nb,,1,,\nc,,1,2\nd,\n')
  expect(good).toBe(1)
  expect(bad).toEqual([
    { row: 2, errors: { row: ['Its cell 2 is in a column without a name.'] } },
    { row: 4, errors: { row: ['It has 4 cells; the first row has 3.'] } },
    { row: 5, errors: { row: ['It has 2 cells; the first row has 3.'] } },
  ])
})

test('rows are counted as a spreadsheet shows them, which leaves out the separator line', async () => {
  const { bad } = await preview('sep=;\ncustomer;amount\n;\na;much\n')
  expect(bad.map(({ row }) => row)).toEqual([3])
})

test('a column may be left out, whatever its variable is called', async () => {
  const job = { name: 'J {{constructor}}', description: 'd', acceptanceCriteria: 'c' }
  const variables = [{ name: 'constructor', default: 'usual' }]
  const odd = newTemplateInput.parse({ name: 'Odd', job, variables })
  const [row] = await arrayOf(csvRows(odd, ['priority\n1\n']))
  expect(row?.input?.name).toBe('J usual')
})

test('text in pieces is the same as text in one', async () => {
  const text = '\uFEFFsep=;\r\ncustomer;amount\r\n"a\r\nb";1\r\nü;2\r\n'
  const whole = await arrayOf(csvRows(input, [text]))
  expect(whole.map(({ row, values }) => [row, values.customer])).toEqual([
    [2, 'a\r\nb'],
    [3, 'ü'],
  ])
  for (const size of [1, 2, 3, 7]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
      text.slice(n * size, (n + 1) * size),
    )
    expect(await arrayOf(csvRows(input, pieces))).toEqual(whole)
  }
})

test('refuses a file whose jobs are too long to be made at once', async () => {
  const job = { name: 'Long {{n}}', description: 'word '.repeat(9000), acceptanceCriteria: 'c' }
  const long = await createTemplate(desk, olive, newTemplateInput.parse({ name: 'Long', job }))
  const rows = (count: number) => `n\n${Array.from({ length: count }, (_, n) => `r${n}`).join('\n')}`
  expect((await previewCsv(desk, olive, long.id, rows(80))).good).toBe(80)
  const refused = await previewCsv(desk, olive, long.id, rows(1000)).catch((error: unknown) => error)
  expect((refused as Invalid).fields.csv?.[0]).toMatch(/longer than 4,000,000 bytes/)
})

test('shows the first five jobs and every bad row before anything is made', async () => {
  const good = Array.from({ length: 6 }, (_, n) => `c${n},${n},${n},"x, y"`)
  const text = `customer,amount,priority,tags\n${good.join('\n')}\n,1,,\nz,much,12,no good?\nshort`
  const { rows, good: count, bad, first } = await preview(text)
  expect({ rows, count, first: first.length }).toEqual({ rows: 9, count: 6, first: 5 })
  expect(first[1]).toMatchObject({ row: 3, priority: 1, tags: ['billing', 'x', 'y'] })
  expect(bad.map(({ row, errors }) => [row, Object.keys(errors).sort()])).toEqual([
    [8, ['customer']],
    [9, ['amount', 'priority', 'tags']],
    [10, ['row']],
  ])
  const before = await listJobs(desk, olive, { scope: 'own' })
  await expect(makeFromCsv(desk, olive, template, { csv: text, onlyGood: false })).rejects.toThrow(Invalid)
  expect((await listJobs(desk, olive, { scope: 'own' })).rows).toEqual(before.rows)
  expect(await makeFromCsv(desk, olive, template, { csv: text, onlyGood: true })).toHaveLength(6)
})

test('makes a thousand jobs once, however often it is sent', async () => {
  const csv = `customer\n${Array.from({ length: 1000 }, (_, n) => `customer ${n}`).join('\n')}`
  const key = { key: 'k', route: 'POST /csv', bodyHash: 'h' }
  const send = () => makeFromCsv(desk, olive, template, { csv, onlyGood: false }, key)
  const [once, twice] = await Promise.all([send(), send()])
  expect(new Set(once).size).toBe(1000)
  expect(twice).toEqual(once)
  expect(await send()).toEqual(once)
  await expect(
    makeFromCsv(desk, olive, template, { csv, onlyGood: false }, { ...key, bodyHash: 'other' }),
  ).rejects.toThrow(Conflict)
  expect(await findJob(desk, olive, once[999] as string)).toMatchObject({ name: 'Bill customer 999' })
  const page = await listJobs(desk, olive, {
    scope: 'own',
    filter: { text: [{ text: 'customer', phrase: false, negated: false }] },
  })
  expect(page.rows[0]?.name).toBe('Bill customer 999')
  expect(await violations(desk.db)).toEqual([])
})

test('is nobody’s who may not see the template', async () => {
  const sam = await addUser(desk, 'Sam')
  await expect(previewCsv(desk, sam, template, 'customer\na')).rejects.toThrow(NotFound)
})
