import type { Connection } from './scale-connection'
import { needle, rareWord } from './scale-words'

/** The page that no page can be cheaper than: the frame, signed in, and a few lines. */
export const emptyPage = 'empty page'
export const listPage = 'list'
export const farPage = 'list, far down'

/** Of two years' jobs: not the newest, which a filter that is not understood would show too. */
const longAgo = encodeURIComponent('>400d')

interface Rows {
  data: { id: string }[]
  nextCursor: string | null
}

export interface Asked {
  who: 'owner' | 'admin'
  path: string
  /** Which list's rows it must not show: what a page does not understand would be measured as the whole list. */
  unlike?: string
  /** A page of at most 25 rows whose size has a limit. */
  isList?: boolean
}

/** What is asked of each server, by name. */
export async function requestsTo(owner: Connection, admin: Connection): Promise<Record<string, Asked>> {
  const { data: agents } = await owner.json<{ data: { id: string; name: string }[] }>('/api/agents')
  const agent = agents.find(({ name }) => name === 'Atlas')?.id ?? ''
  const far = { owner: await farDown(owner, '/api/jobs'), admin: await farDown(admin, '/api/admin/jobs') }
  const [job] = (await owner.json<Rows>('/api/jobs?limit=1&status=COMPLETED')).data
  const own = (query: string): Asked => ({
    who: 'owner',
    path: `/jobs?${query}`,
    unlike: listPage,
    isList: true,
  })
  const all = (query: string): Asked => ({
    who: 'admin',
    path: `/admin/jobs?${query}`,
    unlike: "everyone's list",
    isList: true,
  })
  const search = (words: string) => own(`q=${encodeURIComponent(words)}`)
  const page = (path: string): Asked => ({ who: 'owner', path })
  return {
    [emptyPage]: page('/settings'),
    [listPage]: { ...page('/jobs'), isList: true },
    [farPage]: own(`cursor=${far.owner}`),
    'by status': own('status=FAILED'),
    'by two statuses': own('status=FAILED&status=CANCELED'),
    'by agent': own(`agent=${agent}`),
    'by agent and status': own(`agent=${agent}&status=FAILED`),
    'by priority': own('priority=9'),
    'by created': own(`created=${longAgo}`),
    'by updated': own('updated=%3E5d'),
    'by attempts': search('attempts:>1'),
    'by needs review': search('needs:review'),
    'by tag': own('tag=urgent'),
    'by metadata': search('customer=c7'),
    'by all of these': own(`status=COMPLETED&agent=${agent}&priority=9&tag=urgent&created=90d`),
    'sorted by updated': own('sort=updatedAt'),
    'sorted by priority': own('sort=-priority'),
    'sorted by name': own('sort=name'),
    'sorted by name, by status': own('sort=name&status=FAILED'),
    'text: a common word': search('invoice'),
    'text: a rare word': search(rareWord),
    'text: a phrase': search('"quarterly invoice"'),
    'text: a prefix': search('quart'),
    'text: two words, one not': search('invoice -draft'),
    'text: by status': search('status:failed invoice'),
    'a job': page(`/jobs/${job?.id}`),
    'its log as JSON': page(`/api/jobs/${job?.id}/logs`),
    'the list as JSON': page('/api/jobs'),
    'the list as JSON, far down': page(`/api/jobs?cursor=${far.owner}`),
    "everyone's list": { who: 'admin', path: '/admin/jobs', isList: true },
    "everyone's, far down": all(`cursor=${far.admin}`),
    "everyone's by status": all('status=FAILED'),
    "everyone's by owner": all('owner=owner2@example.com'),
    "everyone's by tag": all('tag=urgent'),
    "everyone's by name": all('sort=name'),
    "everyone's, text": all('q=invoice'),
    "everyone's, text of one": all(`q=${needle}`),
    overview: { who: 'admin', path: '/admin' },
  }
}

/** The cursor half-way down a list, or 200,000 rows: by going there. */
async function farDown(connection: Connection, list: string): Promise<string> {
  const cursors: string[] = []
  let next = (await connection.json<Rows>(`${list}?limit=100`)).nextCursor
  while (next && cursors.length < 2000) {
    cursors.push(next)
    next = (await connection.json<Rows>(`${list}?limit=100&cursor=${next}`)).nextCursor
  }
  // the end was reached: half of the way is known
  const at = next ? cursors.length - 1 : Math.floor(cursors.length / 2)
  return encodeURIComponent(cursors[at] ?? '')
}
