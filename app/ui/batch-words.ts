import { adminBatchVerbs, type BatchView } from '~/domain/batches/view'
import type { BatchState, BatchVerb, ListScope } from '~db/vocabulary'
import { plainName } from './name'

/** What batches are called. */

interface BatchWords {
  /** In a menu. */
  label: string
  /** The button that does it, before how many. */
  submit: string
  pendingLabel: string
  isDanger?: boolean
  /** What it means for each of the jobs. */
  says: string
}

export const batchWords: Record<BatchVerb, BatchWords> = {
  cancel: {
    label: 'Cancel',
    submit: 'Cancel',
    pendingLabel: 'Starting…',
    isDanger: true,
    says: 'An agent that works on one of them is told to stop at once. The record stays; each can be resubmitted later.',
  },
  resubmit: {
    label: 'Resubmit',
    submit: 'Resubmit',
    pendingLabel: 'Starting…',
    says: 'Each is done once more from the start. Results are cleared; earlier attempts stay on the record.',
  },
  accept: {
    label: 'Accept results',
    submit: 'Accept the results of',
    pendingLabel: 'Starting…',
    says: 'Each of them is then completed.',
  },
  priority: {
    label: 'Set priority',
    submit: 'Set the priority of',
    pendingLabel: 'Starting…',
    says: 'Waiting jobs of a higher priority are done first.',
  },
  addTag: {
    label: 'Add tag',
    submit: 'Add the tag to',
    pendingLabel: 'Starting…',
    says: 'A job that has the tag already stays as it is. Agents at work go on.',
  },
  removeTag: {
    label: 'Remove tag',
    submit: 'Remove the tag from',
    pendingLabel: 'Starting…',
    says: 'A job that does not have the tag stays as it is. Agents at work go on.',
  },
  archive: {
    label: 'Archive',
    submit: 'Archive',
    pendingLabel: 'Starting…',
    says: 'They leave the lists. Their pages and logs stay, and resubmitting a job brings it back.',
  },
  reassign: {
    label: 'Reassign',
    submit: 'Reassign',
    pendingLabel: 'Starting…',
    says: 'Attempts that run are cut off, and each job waits for the agent you choose.',
  },
  complete: {
    label: 'Complete',
    submit: 'Complete',
    pendingLabel: 'Starting…',
    says: 'Each counts as done without an agent’s result being judged, and carries the mark “completed by admin” ever after.',
  },
  purge: {
    label: 'Purge',
    submit: 'Purge for good',
    pendingLabel: 'Starting…',
    isDanger: true,
    says: 'Each job is deleted with its log, attempts and result, for its owner too. Only a row in the audit stays, with its name. It can’t be undone.',
  },
}

export const importWords: Omit<BatchWords, 'label'> = {
  submit: 'Import',
  pendingLabel: 'Starting…',
  says: 'Each row becomes a job of yours. Rows with errors are skipped; you can fix them and import them again.',
}

/** Throws a draft away. */
export const dropLabel = 'Don’t do it'

/** What may be chosen in a list: at the admins' desk all of it. */
export const verbsIn = (scope: ListScope): BatchVerb[] => {
  const all = Object.keys(batchWords) as BatchVerb[]
  return all.filter((verb) => scope === 'all' || !adminBatchVerbs.includes(verb))
}

/** `1 job`, `1,204 jobs`. */
export const jobsText = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'job' : 'jobs'}`

/** `1 row`, `1,204 rows`. */
export const rowsText = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`

/** How many jobs a batch is about, or rows if it is an import. */
export const sizeText = ({ verb, total }: Pick<BatchView, 'verb' | 'total'>) =>
  verb === 'import' ? rowsText(total) : jobsText(total)

/** What it does to how many: `Add the tag urgent to 12 jobs`. */
export function batchTitle({
  verb,
  args,
  agentName,
  total,
}: Pick<BatchView, 'verb' | 'args' | 'agentName' | 'total'>): string {
  const jobs = jobsText(total)
  switch (verb) {
    case 'cancel':
      return `Cancel ${jobs}`
    case 'resubmit':
      return `Resubmit ${jobs}`
    case 'accept':
      return `Accept the ${total === 1 ? 'result' : 'results'} of ${jobs}`
    case 'archive':
      return `Archive ${jobs}`
    case 'purge':
      return `Purge ${jobs}`
    case 'complete':
      return `Complete ${jobs}`
    case 'reassign':
      return `Reassign ${jobs}${args.agentId ? ` to ${plainName(agentName ?? 'an agent')}` : ''}`
    case 'priority':
      return `Set the priority of ${jobs}${args.priority === undefined ? '' : ` to ${args.priority}`}`
    case 'addTag':
      return args.tag ? `Add the tag ${args.tag} to ${jobs}` : `Add a tag to ${jobs}`
    case 'import':
      return `Import ${rowsText(total)}`
    case 'removeTag':
      return args.tag ? `Remove the tag ${args.tag} from ${jobs}` : `Remove a tag from ${jobs}`
  }
}

export const batchStateLabels: Record<BatchState, string> = {
  DRAFT: 'Not started',
  RUNNING: 'Running',
  STOPPED: 'Stopped',
  DONE: 'Done',
}
