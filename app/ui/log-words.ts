import type { LogView } from '~/domain/jobs/view'
import type { LogKind } from '~db/vocabulary'
import {
  Archive,
  Ban,
  Bot,
  Check,
  CircleCheck,
  CirclePlay,
  CircleX,
  CornerUpLeft,
  Eye,
  Inbox,
  Info,
  MessageCircleQuestion,
  Pencil,
  Plus,
  RotateCcw,
  Tag,
  Terminal,
  TriangleAlert,
} from './icons'

/** What happened, as people read it, and its icon. */
export const logLooks = {
  create: { Icon: Plus, words: 'handed in the job' },
  edit: { Icon: Pencil, words: 'edited the job' },
  assign: { Icon: Bot, words: 'assigned the job' },
  claim: { Icon: CirclePlay, words: 'began' },
  release: { Icon: CornerUpLeft, words: 'gave the job back' },
  requestInput: { Icon: MessageCircleQuestion, words: 'asked' },
  answer: { Icon: MessageCircleQuestion, words: 'answered' },
  submit: { Icon: Eye, words: 'handed in a result' },
  accept: { Icon: CircleCheck, words: 'accepted the result' },
  sendBack: { Icon: CornerUpLeft, words: 'sent the job back' },
  fail: { Icon: CircleX, words: 'failed' },
  expire: { Icon: TriangleAlert, words: 'took the job back' },
  cancel: { Icon: Ban, words: 'canceled the job' },
  resubmit: { Icon: RotateCcw, words: 'resubmitted the job' },
  complete: { Icon: Check, words: 'completed the job' },
  reassign: { Icon: Bot, words: 'reassigned the job' },
  archive: { Icon: Archive, words: 'archived the job' },
  tag: { Icon: Tag, words: 'changed the tags' },
  undo: { Icon: RotateCcw, words: 'undid the cancel' },
  message: { Icon: Info, words: 'wrote' },
  progress: { Icon: Info, words: 'reported progress' },
  usage: { Icon: Info, words: 'reported usage' },
  call: { Icon: Terminal, words: 'made a call' },
  late: { Icon: Inbox, words: 'was late' },
} as const satisfies Record<LogKind, unknown>

/** Who did it: Docket itself where no person and no agent is named. */
export const actorWords = (log: Pick<LogView, 'actorKind' | 'actorName'>) =>
  log.actorName ??
  (log.actorKind === 'system' ? 'Docket' : log.actorKind === 'agent' ? 'An agent' : 'Somebody')
