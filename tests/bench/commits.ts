import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import type { UserActor } from '~/domain/policy'
import { addUser } from '../support/cast'
import { testDesk } from '../support/desk'
import { perSecond, print, rate, times } from './measure'

const count = 500
const together = 50
const rounds = 20
export const input = {
  name: 'A job',
  description: '/stats\none two three',
  acceptanceCriteria: 'It counts words',
}

/** How many changes a second, against what the database takes at most on this machine in the same run. */
export async function commits(): Promise<void> {
  const { desk, close } = await testDesk('file', 'still', 'FULL')
  try {
    const owner = await addUser(desk, 'Olive')
    const limit = await bareLimit(desk)
    const ids: string[] = []
    const create = async () => ids.push((await createJob(desk, owner, input)).id)
    const verbs = {
      create: await times(count, create),
      edit: await times(count, (n) => editJob(desk, owner, ids.at(n) ?? '', { priority: 5 })),
      cancel: await times(count, (n) => cancelJob(desk, owner, ids.at(n) ?? '', {})),
    }
    const against = 'the bare limit'
    print('Commits of one job each, one after the other', [
      { what: 'bare: client.batch of 2 inserts', value: rate(limit.one) },
      ...Object.entries(verbs).map(([what, taken]) => {
        const value = perSecond(taken)
        return { what, value: rate(value), against, ratio: value / limit.one }
      }),
    ])
    const grouped = perSecond(await times(rounds, () => handInTogether(desk, owner), 2), together)
    print(`Group commit: ${together} that wait at the same moment`, [
      { what: `bare: client.batch of ${together} x 2 inserts`, value: rate(limit.many) },
      { what: 'create', value: rate(grouped), against, ratio: grouped / limit.many },
      {
        what: 'create, against one at a time',
        value: '',
        against: 'one at a time',
        ratio: grouped / perSecond(verbs.create),
      },
    ])
  } finally {
    await close()
  }
}

const handInTogether = (desk: Desk, owner: UserActor) =>
  Promise.all(Array.from({ length: together }, () => createJob(desk, owner, input)))

/** Units of two inserts a second, alone and fifty in a batch: what a commit costs with nothing of ours in it. */
async function bareLimit({ db }: Desk) {
  await db.client.execute('CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)')
  const unit = ['a', 'b'].map((body) => ({
    sql: 'INSERT INTO bare (body) VALUES (?)',
    args: [body.repeat(200)],
  }))
  const one = perSecond(await times(count, () => db.client.batch(unit, 'write')))
  const units = Array.from({ length: together }, () => unit).flat()
  const many = perSecond(await times(rounds, () => db.client.batch(units, 'write'), 2), together)
  return { one, many }
}
