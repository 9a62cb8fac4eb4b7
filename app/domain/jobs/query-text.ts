import type { JobStatus } from '~db/vocabulary'
import { jobStatuses } from '~db/vocabulary'
import { lookup } from '../lookup'
import { nearMiss } from '../near-miss'
import { utc } from '../zones/clock'
import { type Asked, type NumberRange, narrowed, type TimeRange } from './list-filter'
import { type Clock, dependsOnZone, type Read, readNumbers, readStatuses, readTimes } from './list-values'
import { mostCharacters, mostTerms, type Piece, scan } from './query-scan'

/** The qualifier box: what its text means, and what in it means nothing. */

export interface QueryTerm {
  /** Where it stands, and where it ends (exclusive). */
  start: number
  end: number
  /** As it was typed. */
  text: string
  /** Why it means nothing, in a sentence. */
  problem: string | null
}

export interface QueryText {
  terms: QueryTerm[]
  asked: Asked
  /** Every problem, those of the terms among them. */
  problems: string[]
}

/** @param clock what its times are read by */
export function readQuery(text: string, clock: Clock): QueryText {
  const count = (most: number) => most.toLocaleString('en')
  if (text.length > mostCharacters) {
    return {
      terms: [],
      asked: {},
      problems: [`At most ${count(mostCharacters)} characters can be searched for.`],
    }
  }
  const pieces = scan(text)
  if (pieces.length > mostTerms) {
    return {
      terms: [],
      asked: {},
      problems: [`At most ${count(mostTerms)} terms can be searched for at once.`],
    }
  }
  let asked: Asked = {}
  const statuses: JobStatus[] = []
  const terms = pieces.map((piece) => {
    const read = meaningOf(piece, clock)
    const clash = 'value' in read ? clashOf(asked, read.value) : null
    if ('value' in read && !clash) {
      const { statuses: wanted, ...rest } = read.value
      // of several `status:` any will do; of all else every one must hold
      if (wanted && piece.key?.toLowerCase() === 'status' && !piece.negated) statuses.push(...wanted)
      else if (wanted) asked = narrowed(asked, { statuses: wanted })
      asked = narrowed(asked, rest)
    }
    const why = 'problem' in read ? read.problem : clash
    const { start, end, text: typed } = piece
    return { start, end, text: typed, problem: why && `“${typed}” ${why}` }
  })
  if (statuses.length > 0) asked = narrowed(asked, { statuses })
  return { terms, asked, problems: terms.flatMap(({ problem }) => problem ?? []) }
}

/** The terms of a box one by one, to show and to take away. */
export const chipsOf = (text: string): QueryTerm[] => readQuery(text, { now: 0, zone: utc }).terms

/** Whether a time in it means other moments in another time zone. */
export const hasZonedTime = (text: string): boolean =>
  scan(text).some(
    ({ key, value }) =>
      ['created', 'updated'].includes(key?.toLowerCase() ?? '') && dependsOnZone(value.trim()),
  )

/** The text without its nth term (from 0), and without the space that it leaves. */
export function withoutTerm(text: string, n: number): string {
  const term = scan(text)[n]
  return term ? `${text.slice(0, term.start).trimEnd()} ${text.slice(term.end).trimStart()}`.trim() : text
}

/** A value as the box takes it: in quotation marks where it holds a space. */
export const quotedValue = (value: string) => (/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value)

type Reader = (value: string, clock: Clock) => Read<Asked>

function mapped<Value>(read: Read<Value>, name: keyof Asked): Read<Asked> {
  return 'problem' in read ? read : { value: { [name]: read.value } }
}
const needs: Record<string, JobStatus[]> = {
  review: ['IN_REVIEW'],
  answer: ['INPUT_REQUIRED'],
  me: ['INPUT_REQUIRED', 'IN_REVIEW'],
}

const readers: Record<string, Reader> = {
  status: (value) => mapped(readStatuses(value), 'statuses'),
  agent: (value) => ({ value: { agent: value } }),
  owner: (value) => ({ value: { owner: value } }),
  priority: (value) => mapped(readNumbers(value, { min: 0, max: 9 }), 'priority'),
  attempts: (value) => mapped(readNumbers(value, { min: 0, max: 1_000_000 }), 'attempts'),
  created: (value, clock) => mapped(readTimes(value, clock), 'created'),
  updated: (value, clock) => mapped(readTimes(value, clock), 'updated'),
  needs(value) {
    const statuses = lookup(needs, value.toLowerCase())
    return statuses
      ? { value: { statuses } }
      : { problem: 'is none of needs:me, needs:review and needs:answer.' }
  },
  tag: (value) =>
    value.includes(',')
      ? { problem: 'holds a comma: give each tag by itself, such as tag:a tag:b.' }
      : { value: { tags: [value] } },
  meta(value) {
    const at = value.indexOf('=')
    return at > 0
      ? { value: { metadata: [{ key: value.slice(0, at).trim(), value: value.slice(at + 1).trim() }] } }
      : { problem: 'has no key and value: write meta:"key=value".' }
  },
  batch: (value) => ({ value: { batchId: value.toLowerCase() } }),
}
/** As the box and its explanations name them. */
export const qualifiers = Object.keys(readers)

function meaningOf(piece: Piece, clock: Clock): Read<Asked> {
  const { key, sign, quoted, negated } = piece
  const value = piece.value.trim()
  if (!piece.isClosed) return { problem: 'has no closing quotation mark.' }
  if (sign === null) {
    if (!isSearchable(value)) return { problem: 'holds no letter or digit to search for.' }
    return { value: { text: [{ text: value, phrase: quoted, negated }] } }
  }
  if (sign === '=') {
    const asked = { metadata: [{ key: key ?? '', value }] }
    return { value: negated ? opposite(asked) : asked }
  }
  const name = key?.toLowerCase() ?? ''
  const reader = lookup(readers, name)
  if (!reader) return { problem: unknown(name, piece) }
  if (value === '') return { problem: `says nothing after “${name}:”.` }
  const read = reader(value, clock)
  return negated && 'value' in read ? { value: opposite(read.value) } : read
}

/** What holds for just those jobs that one qualifier does not hold for. */
function opposite(asked: Asked): Asked {
  const { statuses, priority, attempts, created, updated, agent, owner, batchId, tags, metadata } = asked
  if (statuses) return { statuses: jobStatuses.filter((each) => !statuses.includes(each)) }
  if (priority) return outsideNumbers('priority', priority)
  if (attempts) return outsideNumbers('attempts', attempts)
  if (created) return outsideTimes('created', created)
  if (updated) return outsideTimes('updated', updated)
  return {
    without: {
      ...(agent && { agents: [agent] }),
      ...(owner && { owners: [owner] }),
      ...(batchId && { batches: [batchId] }),
      ...(tags && { tags }),
      ...(metadata && { metadata }),
    },
  }
}

function outsideNumbers(name: 'priority' | 'attempts', { min, max }: NumberRange): Asked {
  if (min !== undefined && max !== undefined) return { without: { [name]: [{ min, max }] } }
  return { [name]: min === undefined ? { min: (max ?? 0) + 1 } : { max: min - 1 } }
}

function outsideTimes(name: 'created' | 'updated', { from, to }: TimeRange): Asked {
  if (from !== undefined && to !== undefined) return { without: { [name]: [{ from, to }] } }
  return { [name]: from === undefined ? { from: to } : { to: from } }
}

/** What can be asked for only once. */
function clashOf(asked: Asked, more: Asked): string | null {
  const twice = (['agent', 'owner', 'batchId'] as const).some((name) => asked[name] && more[name])
  return twice ? 'is a second one: no job has two of these.' : null
}

function unknown(name: string, { negated, text }: Piece): string {
  const near = nearMiss(name, qualifiers)
  const guess = near ? ` Did you mean “${near}:”?` : ''
  const phrase = text.slice(negated ? 1 : 0).replaceAll('"', '')
  return `asks for “${name}:”, which there is not.${guess} To search for it as text, put it in quotation marks: "${phrase}".`
}

/** Whether it holds anything that is in an index of words. */
const isSearchable = (text: string) => /[\p{L}\p{N}\p{Co}]/u.test(text)
