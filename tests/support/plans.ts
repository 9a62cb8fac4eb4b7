import type { Client } from '@libsql/client'

/** Tables whose rows come with use and time: none may be walked through or sorted. */
const growing = new Set(
  'jobs job_logs attempts audit batches batch_items sessions api_tokens users idempotency_keys one_time_links schedule_runs schedules templates saved_views agent_hours'.split(
    ' ',
  ),
)

/** Walks in an index's own order that end at a LIMIT, or through what such an index keeps small. */
const bounded: [step: RegExp, why: string][] = [
  [
    /^SCAN (j|jobs) USING (COVERING )?INDEX jobs_all(_\w+)?$/,
    'a page in the order of the list, up to its LIMIT or 5,000 rows',
  ],
  [/^SCAN (e USING INDEX audit_at|users USING INDEX sqlite_autoindex_users_1)$/, 'a page, up to its LIMIT'],
  [/^SCAN t USING INDEX templates_shared$/, 'those that are shared, by name, up to their LIMIT'],
  [/^SCAN (l|one_time_links) USING INDEX one_time_links_invites$/, 'those of 7 days, 200 at the most'],
  [/^SCAN job_logs$/, 'the last row by its key'],
  [/^SCAN \w+ USING (COVERING )?INDEX jobs_unassigned_queue$/, 'what waits, in order, up to its LIMIT'],
  [/^SCAN t USING (COVERING )?INDEX attempts_(one_live|agent_live|lease)$/, 'what runs'],
  [/^SCAN \w+ USING (COVERING )?INDEX users_admins$/, 'the admins'],
  [/^SCAN t USING INDEX templates_shared$/, 'what is shared, up to its LIMIT'],
  [/^SCAN s USING (COVERING )?INDEX schedules_failing$/, 'failing schedules, up to their LIMIT'],
  [/^SCAN b USING INDEX batches_all$/, 'a page, up to its LIMIT'],
  [/^SCAN (b|batches) USING INDEX batches_running$/, 'what runs'],
]

/** Sorts of what is at hand, not of what is stored: a part of the statement, and what it sorts. */
const sortsFew: [part: string, what: string][] = [
  ['a.name COLLATE NOCASE', 'agents by name'],
  [') line CROSS JOIN jobs j', "five of each agent's line"],
  ['json_each(coalesce(:tags', "a job's tags"],
  ['FROM sessions', "one person's sessions"],
  ['FROM api_tokens', "one person's tokens of the same millisecond"],
  ['JOIN job_quarters', 'two months of quarters of an hour'],
  ['AS bytesBefore', 'the sizes of 200 rows of the log'],
]

/** What the names in a statement's plan stand for: a table's own name or its alias. */
function tablesOf(sql: string): Map<string, string> {
  const named = [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z_]+))?/g)]
  return new Map(
    named.flatMap(
      ([, table = '', alias]) => [[table, table], ...(alias ? [[alias, table] as const] : [])] as const,
    ),
  )
}

/** The steps of a statement's plan that cost more the more there is: walks through such a table, and sorts. */
export async function growingSteps(explainer: Client, sql: string): Promise<string[]> {
  const plan = await explainer.execute(`EXPLAIN QUERY PLAN ${sql}`)
  const tables = tablesOf(sql)
  return plan.rows
    .map(({ detail }) => String(detail))
    .filter((step) => {
      if (step.startsWith('USE TEMP B-TREE')) return !sortsFew.some(([part]) => sql.includes(part))
      const [, name = ''] = /^SCAN (\S+)/.exec(step) ?? []
      return growing.has(tables.get(name) ?? name) && !bounded.some(([allowed]) => allowed.test(step))
    })
}
