import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TextTerm } from '~/domain/jobs/list-filter'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { beginningOf, textMatch } from '~/domain/jobs/text-match'
import {
  beginningsIn,
  completed,
  completionsSql,
  mostCompletions,
} from '~/domain/jobs/text-match-completions.server'
import { seeded } from '../bench/scale-words'
import { addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { isOnRealServer } from '../support/on-real-server'

const word = (text: string, more: Partial<TextTerm> = {}): TextTerm => ({
  ...{ text, phrase: false, negated: false },
  ...more,
})

/** Words with a beginning in common, in all the ways that they are typed. */
const beginnings = [
  'invo',
  'Rechn',
  'naïv',
  'ÉCOL',
  'отче',
  '東京都の',
  'ガラスの',
  '2024',
  '한국어로',
  'ЙОГУ',
  'việt',
]
const endings = ['', 's', 'ice', 'ICES', 'ung', 'é', 'é', '7', '2', 'ы', 'ё', '線', 'ン', 'ſ', 'ß', 'Σ', 'ς']
const separators = [' ', '-', ', ', '  ', '\n', '·', '…', '/', '（']

const random = seeded(7)
const one = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const someWord = () => one(beginnings) + one(endings) + (random() < 0.2 ? one(endings) : '')
const someText = (count: number) => Array.from({ length: count }, () => someWord() + one(separators)).join('')

const looked = async ({ desk }: TestDesk, text: TextTerm[]) =>
  completed(
    text,
    await desk.db.all<{ word: string; term: string }>(
      `${completionsSql} SELECT word, term FROM completions`,
      {
        words: JSON.stringify(beginningsIn(text)),
        most: mostCompletions,
      },
    ),
  )

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let people: string[]
  beforeAll(async () => {
    stage = await testDesk(on)
    const cast = [await addUser(stage.desk, 'Olive'), await addUser(stage.desk, 'Otto')]
    people = cast.map(({ id }) => id)
    for (let n = 0; n < 150; n++) {
      const job = { name: someText(2), description: someText(1 + (n % 9)), metadata: { of: someWord() } }
      await handIn(stage.desk, one(cast), job)
    }
    const many = Array.from({ length: mostCompletions + 1 }, (_, n) => `crowd${n}`)
    await handIn(stage.desk, one(cast), { name: 'Crowd', description: many.join(' ') })
  })
  afterAll(() => stage.close())

  const found = async (match: string) =>
    (
      await stage.desk.db.all<{ no: number }>(
        'SELECT rowid AS no FROM jobs_text WHERE jobs_text MATCH ? ORDER BY rowid DESC',
        [match],
      )
    ).map(({ no }) => no)

  test('whole terms find the same jobs as the prefix does, whatever is asked for', async () => {
    let [some, narrowed] = [0, 0]
    const rounds = on === 'file' ? 500 : 80
    for (let round = 0; round < rounds; round++) {
      const text = Array.from({ length: 1 + (round % 3) }, () => {
        const typed = one([
          someWord,
          someWord,
          () => `${someWord()}${one(['-', '/', '·', '"', "'s-"])}${someWord()}`,
        ])()
        const cut = random() < 0.5 ? typed.slice(0, 3 + Math.floor(random() * 4)) : typed
        return word(one([cut, cut.toUpperCase(), cut.toLowerCase(), `-${cut}`, cut.normalize('NFD')]), {
          negated: random() < 0.2,
          phrase: random() < 0.1,
        })
      })
      const whole = await looked(stage, text)
      for (const ownerId of [...people, undefined]) {
        const jobs = await found(textMatch({ text: whole }, ownerId))
        expect(jobs, JSON.stringify(text)).toEqual(await found(textMatch({ text }, ownerId)))
        if (jobs.length > 0) some++
        if (textMatch({ text: whole }, ownerId) !== textMatch({ text }, ownerId)) narrowed++
      }
    }
    expect(some).toBeGreaterThan(rounds * 0.8)
    expect(narrowed).toBeGreaterThan(rounds * 1.2)
  })

  test('terms are told by the word, whole and in order; with more than a few the word stays a prefix', async () => {
    const text = [
      word('crowd3'),
      word('Crowd'),
      word('nowhere'),
      word('a-crowd1'),
      word('crow', { phrase: true }),
    ]
    const whole = await looked(stage, text)
    expect(whole.map(({ completions }) => completions)).toEqual([
      ['crowd3', 'crowd30', 'crowd31', 'crowd32'],
      undefined,
      undefined,
      ['crowd1', ...Array.from({ length: 10 }, (_, n) => `crowd1${n}`)],
      undefined,
    ])
    expect(await found(textMatch({ text: [word('crowd')] }, undefined))).toHaveLength(1)
    expect(await found(textMatch({ text: whole.slice(2, 3) }, undefined))).toEqual([])
  })
})

test('each letter of which it is sure is in the index as it says', async () => {
  const stage = await testDesk()
  const { db } = stage.desk
  const sure = Array.from({ length: 0x1_0000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .flatMap((code) => {
      const found = beginningOf(word(`qqq${String.fromCharCode(code)}q`))
      return found?.before === '' ? [{ code, ...found }] : []
    })
  expect(sure.length).toBeGreaterThan(30_000)
  await db.client.batch(
    [
      `CREATE VIRTUAL TABLE letters USING fts5(text, tokenize = "unicode61 remove_diacritics 2")`,
      'CREATE VIRTUAL TABLE letter_terms USING fts5vocab(letters, instance)',
      {
        sql: `INSERT INTO letters (rowid, text) SELECT value, 'qqq' || char(value) || 'q' FROM json_each(?)`,
        args: [JSON.stringify(sure.map(({ code }) => code))],
      },
    ],
    'write',
  )
  const terms = await db.all<{ doc: number; term: string }>('SELECT doc, term FROM letter_terms ORDER BY doc')
  expect(terms).toEqual(sure.map(({ code, word: term }) => ({ doc: code, term })))
  await stage.close()
})

test('a term is searched for, not walked to', async () => {
  const stage = await testDesk()
  const asked: string[] = []
  const { all } = stage.desk.db
  stage.desk.db.all = (sql, args) => {
    asked.push(sql)
    return all.call(stage.desk.db, sql, args) as never
  }
  const admin = await addUser(stage.desk, 'Ada', 'ADMIN')
  const read = (q: string) => readJobFilter(stage.desk, admin, 'own', { q })
  await read('invoice agent:nobody in "a phrase"')
  expect(asked).toHaveLength(1)
  const plan = await stage.desk.db.client.execute(`EXPLAIN QUERY PLAN ${asked[0]}`)
  const steps = plan.rows.map(({ detail }) => String(detail)).filter((step) => step.includes('jobs_terms'))
  // from a term on, as fts5vocab says it: 2, and 512 and the columns read (1) on a server, whose SQLite is newer
  const index = isOnRealServer ? 513 : 2
  expect(steps).toEqual(Array(2).fill(`SCAN jobs_terms VIRTUAL TABLE INDEX ${index}:`))
  await read('in "a phrase" status:failed')
  expect(asked).toHaveLength(1)
  await stage.close()
})
