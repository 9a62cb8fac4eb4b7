import { until } from '../support/until'
import type { Connection } from './scale-connection'

interface LogRow {
  kind: string
  createdAt: string
}

/** Whole milliseconds, by the log, from a job's being handed in to its claim by the dispatcher. */
export async function claimOne(connection: Connection): Promise<number> {
  const { data: agents } = await connection.json<{ data: { id: string; name: string }[] }>('/api/agents')
  const { id } = await connection.json<{ id: string }>('/api/jobs', {
    name: 'A job',
    description: '/stats\none two three',
    acceptanceCriteria: 'It counts words',
    agentId: agents.find(({ name }) => name === 'Toolbox')?.id,
  })
  let rows: LogRow[] = []
  await until(async () => {
    rows = (await connection.json<{ data: LogRow[] }>(`/api/jobs/${id}/logs`)).data
    return rows.some(({ kind }) => kind === 'submit')
  })
  const at = (kind: string) => Date.parse(rows.find((row) => row.kind === kind)?.createdAt ?? '')
  return at('claim') - at('create')
}
