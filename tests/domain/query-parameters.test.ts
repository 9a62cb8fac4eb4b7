import { describe, expect, test } from 'vitest'
import { Invalid } from '~/domain/errors'
import { queryProblems } from '~/domain/jobs/list-filter.server'
import { listParameterNames, readListQuery } from '~/domain/jobs/list-query'
import { parameterErrors } from '~/domain/query-parameters'
import {
  assertListQuery,
  assertParameters,
  ignoredParameters,
  queryParameters,
} from '~/http/query-parameters'
import { viewQuery } from '~/http/view-query.server'
import { listPlace } from '~/paths'
import { readModules } from '../support/imports'

const at = (address: string) => new URL(address, 'http://docket.test')
const errorsOf = (check: () => void) => {
  try {
    check()
  } catch (error) {
    if (error instanceof Invalid) return error.fields
    throw error
  }
  return {}
}

describe('a script', () => {
  const known = ['q', 'status', 'agent', 'limit']
  test.each([
    ['', {}],
    ['status=FAILED&status=CANCELED&q=x', {}],
    ['stauts=failed', { stauts: ['There is no parameter “stauts”. Did you mean “status”?'] }],
    ['STATUS=failed', { STATUS: ['There is no parameter “STATUS”. Did you mean “status”?'] }],
    ['zzzzzz', { zzzzzz: ['There is no parameter “zzzzzz”. Known: q, status, agent, limit.'] }],
    ['=x', { query: ['A parameter has no name. Known: q, status, agent, limit.'] }],
    ['utm_source=x', { utm_source: ['There is no parameter “utm_source”. Known: q, status, agent, limit.'] }],
    ['status=', { status: ['“status” is empty. Give it a value, or leave it out.'] }],
    ['status=FAILED&status=', { status: ['“status” is empty. Give it a value, or leave it out.'] }],
    ['q=+%20', { q: ['“q” is empty. Give it a value, or leave it out.'] }],
    ['agent=a&agent=b', { agent: ['“agent” is given more than once.'] }],
    [
      'constructor=1',
      { constructor: ['There is no parameter “constructor”. Known: q, status, agent, limit.'] },
    ],
  ])('is told what is wrong in %s', (query, errors) => {
    expect(parameterErrors(new URLSearchParams(query), known)).toEqual(errors)
  })

  test('is told of a name that an assignment would lose', () => {
    const errors = parameterErrors(new URLSearchParams('__proto__=x'), known)
    expect(Object.keys(errors)).toEqual(['__proto__'])
    expect(JSON.stringify(errors)).toContain('There is no parameter')
  })

  test('is refused by the list of its address, and any parameter where there is no list', () => {
    expect(errorsOf(() => assertParameters(at('/api/jobs?limit=5&sort=name')))).toEqual({})
    expect(errorsOf(() => assertParameters(at('/api/jobs/export?limit=5&sort=name&format=csv')))).toEqual({
      limit: [expect.stringContaining('There is no parameter “limit”.')],
      sort: [expect.stringContaining('There is no parameter “sort”.')],
    })
    expect(errorsOf(() => assertParameters(at('/api/jobs/01/logs?order=newest')))).toEqual({})
    expect(errorsOf(() => assertParameters(at('/api/jobs/01?include=result')))).toEqual({})
    expect(errorsOf(() => assertParameters(at('/api/tokens?order=newest')))).toEqual({
      order: ['There is no parameter “order”. This address takes none.'],
    })
    expect(errorsOf(() => assertParameters(at('/api/schedules/next?cron=x')))).toEqual({})
    expect(errorsOf(() => assertParameters(at('/api/schedules/01?cron=x')))).toHaveProperty('cron')
  })
})

describe('a page', () => {
  test.each([
    ['/jobs', null],
    ['/jobs?status=&q=&sort=', null],
    ['/jobs?utm_source=mail&utm_medium=x&gclid=1&status=FAILED', null],
    ['/jobs.data?_routes=routes%2Fframe&q=x', null],
    ['/jobs?stauts=failed', 'This page ignored an unknown parameter: “stauts” (did you mean “status”?).'],
    ['/jobs?foo=1&barbar=2&foo=3', 'This page ignored unknown parameters: “foo”, “barbar”.'],
    ['/jobs?logKind=errors', 'This page ignored an unknown parameter: “logKind”.'],
    ['/jobs/01?logKind=errors', null],
    ['/admin/jobs/01?logKind=errors&status=FAILED', null],
    ['/batches?scope=evrybody', 'This page ignored an unknown parameter: “scope=evrybody”.'],
    ['/batches/01?show=refused', null],
    ['/agents?x=1', 'This page ignored an unknown parameter: “x”.'],
  ])('%s', (address, notice) => expect(ignoredParameters(at(address))).toBe(notice))

  test('is not taken for what it ignored: by a batch, or by a view', () => {
    expect(errorsOf(() => assertListQuery('?q=x&picked=a&utm_source=y'))).toEqual({})
    expect(errorsOf(() => assertListQuery('?stauts=failed'))).toEqual({
      query: ['The filter has an unknown parameter: “stauts” (did you mean “status”?).'],
    })
    expect(errorsOf(() => viewQuery('stauts=failed'))).toHaveProperty('query')
    expect(viewQuery('?sort=name&q=x&cursor=y').text).toBe('q=x&sort=name')
  })
})

test('what a kept query no longer means is told in sentences', () => {
  expect(queryProblems('status=FAILED&sort=-name&q=needs%3Ame', 0)).toEqual([])
  expect(queryProblems('stauts=FAILED&priority=x&q=needs%3Ayou', 0)).toEqual([
    'There is no parameter “stauts”. Did you mean “status”?',
    expect.stringContaining('“x” is no number'),
    expect.stringContaining('“needs:you” is none of'),
  ])
})

test('a list of jobs is read the same by pages and scripts', () => {
  const search = new URLSearchParams(listParameterNames.map((name) => [name, 'x']))
  const { cursor: _, ...place } = listPlace(search)
  expect(Object.keys(place).sort()).toEqual([...listParameterNames].sort())
  expect(readListQuery(search.toString())).toEqual({ question: place, errors: {} })
})

test('every parameter that the code reads by name is in the list', () => {
  const known = new Set(Object.values(queryParameters).flat())
  // of pages for people who are not signed in, of a redirect, and of any page
  const others = ['next', 'why', 'password-set', 'token', 'way', 'unchanged']
  const read = [...readModules(['app']).values()].flatMap(({ text }) => [
    ...[...text.matchAll(/[sS]earchParams\.(?:get|getAll|has)\('([\w-]+)'\)/g)].map(([, name = '']) => name),
  ])
  expect(read.length).toBeGreaterThan(20)
  expect([...new Set(read)].filter((name) => !known.has(name) && !others.includes(name))).toEqual([])
})
