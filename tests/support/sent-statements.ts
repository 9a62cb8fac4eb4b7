import type { InStatement } from '@libsql/client'
import type { Desk } from '~/domain/desk'

export type Sent = Exclude<InStatement, string>

/** Every statement that `work` sends to the database, in order. */
export async function sentStatements({ db }: Desk, work: () => Promise<unknown>): Promise<Sent[]> {
  const { client } = db
  const { execute, batch } = client
  const sent: Sent[] = []
  const keep = (each: InStatement) => sent.push(typeof each === 'string' ? { sql: each } : each)
  client.execute = ((each: InStatement) => {
    keep(each)
    return (execute as (one: InStatement) => Promise<unknown>).call(client, each)
  }) as unknown as typeof execute
  client.batch = ((all: InStatement[], mode: 'write') => {
    for (const each of all) keep(each)
    return batch.call(client, all, mode)
  }) as typeof batch
  try {
    await work()
  } finally {
    client.execute = execute
    client.batch = batch
  }
  return sent
}
