import { normalEmail } from '../accounts/input'
import type { Desk } from '../desk'
import { jsonArg } from '../sql'
import type { TextTerm } from './list-filter'
import { beginningsIn, completionsSql, mostCompletions } from './text-match-completions.server'

interface Named {
  id: string
  /** An account's is its email address. */
  name: string
}

interface Asked {
  /** Ids or names, in any case. */
  agents: string[]
  /** Ids or email addresses. */
  owners: string[]
  text: TextTerm[] | undefined
}

const agentWord = (asked: string) => asked.slice(0, 200)
const ownerWord = (asked: string) => normalEmail(asked).slice(0, 320)

/** Looks up the agents and accounts that a list's filter names, and how its words go on: one statement, or none. */
export async function lookUp(desk: Desk, { agents, owners, text }: Asked) {
  const begun = beginningsIn(text)
  const isNothing = agents.length + owners.length + begun.length === 0
  const rows = isNothing
    ? []
    : await desk.db.all<Named & { kind: 'agent' | 'owner' | 'term'; word: string }>(lookUpSql, {
        agents: jsonArg(agents.map(agentWord)),
        owners: jsonArg(owners.map(ownerWord)),
        words: jsonArg(begun),
        most: mostCompletions,
      })
  const found = (kind: 'agent' | 'owner', word: string) =>
    rows.filter((row) => row.kind === kind && row.word === word)
  return {
    agent(asked: string): Named | undefined {
      const all = found('agent', agentWord(asked))
      return all.find(({ id, name }) => id === asked || name === asked) ?? all[0]
    },
    owner: (asked: string): Named | undefined => found('owner', ownerWord(asked))[0],
    terms: rows.filter(({ kind }) => kind === 'term').map(({ word, name }) => ({ word, term: name })),
  }
}

const lookUpSql = `${completionsSql}
  SELECT 'term' AS kind, word, word AS id, term AS name FROM completions
  UNION ALL SELECT 'agent', w.value, a.id, a.name FROM json_each(:agents) w CROSS JOIN agents a ON a.id = w.value
  UNION ALL SELECT 'agent', w.value, a.id, a.name FROM json_each(:agents) w CROSS JOIN agents a
    ON a.name = w.value COLLATE NOCASE
  UNION ALL SELECT 'owner', w.value, u.id, u.email FROM json_each(:owners) w CROSS JOIN users u ON u.email = w.value
  UNION ALL SELECT 'owner', w.value, u.id, u.email FROM json_each(:owners) w CROSS JOIN users u ON u.id = w.value`
