import { changedName, changedRecord, changedSet, changedText, changedWord } from '../changes.server'
import type { Desk } from '../desk'
import type { TemplateVariable, TemplateView } from './view'

type Edited = Pick<TemplateView, 'name' | 'description' | 'shared' | 'job' | 'variables'>

/** What differs between a template and what it is to become, in words. */
export async function templateChanges(desk: Desk, before: Edited, after: Edited): Promise<string[]> {
  const [was, is] = [before.job, after.job]
  return [
    ...changedName('name', before.name, after.name),
    ...changedText('description', before.description, after.description),
    ...changedWord('shared', before.shared, after.shared),
    ...changedName('the job’s name', was.name, is.name),
    ...changedText('the job’s description', was.description, is.description),
    ...changedText('the job’s acceptance criteria', was.acceptanceCriteria, is.acceptanceCriteria),
    ...(was.agentId === is.agentId
      ? []
      : changedName('agent', await agentName(desk, was.agentId), await agentName(desk, is.agentId))),
    ...changedWord('priority', was.priority, is.priority),
    ...changedWord('number of attempts', was.maxAttempts, is.maxAttempts),
    ...changedWord('time limit in seconds', was.timeoutSeconds, is.timeoutSeconds),
    ...changedWord('review', was.review, is.review),
    ...changedSet('tags', was.tags, is.tags),
    ...changedRecord('metadata', was.metadata, is.metadata),
    ...changedSet('variables', before.variables.map(described), after.variables.map(described)),
  ]
}

async function agentName(desk: Desk, id: string | null): Promise<string | null> {
  if (id === null) return null
  const agent = await desk.db.first<{ name: string }>('SELECT name FROM agents WHERE id = ?', [id])
  return agent?.name ?? id
}

/** `topic: text, required` */
function described({ name, label, type, required, default: preset, choices }: TemplateVariable): string {
  const parts = [type, required ? 'required' : 'optional', `“${label}”`]
  if (preset !== null) parts.push(`default “${preset}”`)
  if (choices) parts.push(`one of ${choices.join(', ')}`)
  return `${name}: ${parts.join(', ')}`
}
