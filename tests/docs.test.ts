import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RouteConfigEntry } from '@remix-run/route-config'
import { describe, expect, test } from 'vitest'
import { newTokenInput } from '~/domain/accounts/input'
import { agentChangeInput, newAgentInput } from '~/domain/agents/input'
import {
  answerInput,
  assignmentInput,
  completionInput,
  feedbackInput,
  jobChangeInput,
  newJobInput,
} from '~/domain/jobs/input'
import { closedStatuses, openStatuses, type Target, transitions } from '~/domain/jobs/status'
import { waitingReasons } from '~/domain/jobs/waiting-for'
import { readEnvironment } from '~/environment.server'
import * as present from '~/http/present'
import { presentBatch, presentBatchItem, presentDryRun } from '~/http/present-batches'
import { presentNextRun, presentSchedule } from '~/http/present-schedules'
import { presentFoundJob } from '~/http/present-search'
import { queryParameters } from '~/http/query-parameters'
import routes from '~/routes'
import { attemptOutcomes, eventKinds, type JobStatus, jobVerbs } from '~db/vocabulary'
import { filesIn } from './support/imports'
import { anchorsOf, linksOf, proseOf, tableIn } from './support/markdown'

/** What the documents say about the code is so. */

const api = readFileSync('docs/api.md', 'utf8')
const readme = readFileSync('README.md', 'utf8')
const documents = ['README.md', ...filesIn('docs'), ...filesIn('examples')].filter((file) =>
  file.endsWith('.md'),
)
const code = (text: string) => text.replaceAll('`', '')

describe('docs/api.md', () => {
  test('has the table of transitions as the code has it', () => {
    const words: Partial<Record<Target, string>> = {
      queue: 'PENDING or ASSIGNED',
      review: 'IN_REVIEW or COMPLETED',
      retry: 'PENDING, ASSIGNED or FAILED',
      same: 'unchanged',
      restore: 'the status before the cancel; PENDING or ASSIGNED if the job was IN_PROGRESS',
    }
    const list = (statuses: readonly JobStatus[]) => statuses.join(', ')
    const expected = jobVerbs.map((verb) => {
      const { from, adminFrom, to, who, endsAttempt } = transitions[verb]
      const starts = (list(from) || '-') + (adminFrom ? `; admin: ${list(adminFrom)}` : '')
      return [verb, starts, words[to] ?? to, who.join(', '), endsAttempt ? 'yes' : '']
    })
    expect(tableIn('docs/api.md', 'verb').map(([verb = '', ...rest]) => [code(verb), ...rest])).toEqual(
      expected,
    )
    expect(api).toContain(`Open: ${list(openStatuses)}. Closed: ${list(closedStatuses)}.`)
  })

  test('has every route under /api, and no other', () => {
    const documented = [...api.matchAll(/^### `[A-Z]+ (\/api\/\S+)`$/gm)].map(([, path]) => path)
    const built = pathsOf(routes as RouteConfigEntry[]).filter((path) => /^\/api\/[^*]/.test(path))
    expect([...new Set(documented)].sort()).toEqual(built.sort())
  })

  test('has the query parameters of each address as the code has them', () => {
    const documented = tableIn('docs/api.md', 'address').map((cells) => cells.map(code))
    const known = Object.entries(queryParameters).filter(([path]) => path.startsWith('/api/'))
    expect(documented).toEqual(known.map(([path, names]) => [path, names.join(', ')]))
  })

  test('names every field that is shown or taken', () => {
    // answers whatever is asked of it: the presenters say which fields there are
    const anything = new Proxy({}, { get: () => 0 }) as never
    const shown = [
      present.presentSummary(anything),
      present.presentWaitingFor(anything),
      present.presentJob(anything),
      present.presentLog(anything),
      present.presentAttempt(anything, ''),
      present.presentAgentChoice(anything),
      present.presentAgent(anything),
      present.presentUser(anything),
      present.presentInvitation(anything),
      present.presentAudit(anything),
      present.presentToken(anything),
      present.presentBackup(anything),
      presentBatch(anything),
      presentBatchItem(anything),
      presentDryRun(anything),
      presentSchedule(anything),
      presentNextRun(anything),
      presentFoundJob(anything),
    ]
    const taken = [
      ...[newJobInput.in, jobChangeInput.in, answerInput, feedbackInput, completionInput, assignmentInput],
      ...[newAgentInput, agentChangeInput],
    ]
    const fields = [...shown, ...taken.map(({ shape }) => shape), newTokenInput.shape].flatMap(Object.keys)
    const names = [...new Set([...fields, ...eventKinds, ...attemptOutcomes, ...waitingReasons])]
    expect(names.filter((name) => !api.includes(`\`${name}\``))).toEqual([])
  })

  function pathsOf(entries: RouteConfigEntry[], parent = ''): string[] {
    return entries.flatMap(({ path, children = [] }) => {
      const here = path ? `${parent}/${path}` : parent
      return [...(path ? [here] : []), ...pathsOf(children, here)]
    })
  }
})

describe('settings', () => {
  const example = readFileSync('.env.example', 'utf8')
  const table = new Map(
    tableIn('README.md', 'variable').map(([name = '', ...rest]) => [code(name), rest.join(' ')]),
  )
  const schema = readFileSync('app/environment.server.ts', 'utf8').matchAll(/^ {4}([A-Z][A-Z0-9_]+): /gm)
  /** Read before Docket's own code runs, by scripts/environment.mjs. */
  const known = [...new Set([...[...schema].map(([, name]) => name), 'ENV_FILE'])].sort()

  test('are the same in the code, in .env.example and in the README', () => {
    const inExample = [...example.matchAll(/^#?([A-Z0-9_]+)=/gm)].map(([, name]) => name)
    expect(known.length).toBeGreaterThan(10)
    expect(inExample.sort()).toEqual(known)
    expect([...table.keys()].sort()).toEqual(known)
  })

  test('have the defaults that .env.example and the README say', () => {
    const { APP_ORIGIN: _, ...defaults } = readEnvironment({})
    expect(Object.keys(defaults).length).toBeGreaterThan(3)
    for (const [name, value] of Object.entries(defaults)) {
      expect(example).toContain(`#${name}=${value}\n`)
      expect(table.get(name)).toMatch(new RegExp(`^\`${value}\` `))
    }
  })
})

describe('scripts', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const lifecycle = (name: string) => name.startsWith('pre') && name.slice('pre'.length) in scripts

  test('that a document names are there', () => {
    const texts = documents.map((file) => readFileSync(file, 'utf8')).join('\n')
    const named = [...texts.matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(start|test)\b)/g)].map(
      ([, script, short]) => script ?? short ?? '',
    )
    expect(named).toContain('start')
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([])
  })

  test('are all in the README', () => {
    const listed = tableIn('README.md', 'script').map(([name = '']) => code(name).replace(/^npm (run )?/, ''))
    const known = Object.keys(scripts).filter((name) => !lifecycle(name))
    expect(listed.sort()).toEqual(known.sort())
  })
})

describe.each(documents)('%s', (file) => {
  test('leads nowhere but to what is there', () => {
    const broken = linksOf(file).filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path ? join(dirname(file), path) : file
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
    })
    expect(broken).toEqual([])
  })

  test('names no file that is not there', () => {
    const named = [...proseOf(file).matchAll(/`((?:app|db|docs|examples|scripts|tests)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    )
    expect(named.filter((path) => !existsSync(path))).toEqual([])
  })
})

test('the README says in the first lines what Docket is, and has the licence', () => {
  expect(readme.split('\n').slice(0, 6).join(' ')).toMatch(/job desk for AI agents/)
  expect(existsSync('LICENSE')).toBe(true)
})
