/** The words the database stores. Imports nothing, so that browser code may import it. */

export const jobStatuses = [
  'PENDING',
  'ASSIGNED',
  'IN_PROGRESS',
  'INPUT_REQUIRED',
  'IN_REVIEW',
  'COMPLETED',
  'FAILED',
  'CANCELED',
] as const
export type JobStatus = (typeof jobStatuses)[number]

export const roles = ['USER', 'ADMIN'] as const
export type Role = (typeof roles)[number]

export const agentKinds = ['toolbox', 'command', 'openai'] as const
export type AgentKind = (typeof agentKinds)[number]

/** RETIRED agents are never deleted: their attempts stay on the record. */
export const agentStates = ['ACTIVE', 'PAUSED', 'RETIRED'] as const
export type AgentState = (typeof agentStates)[number]

/** `required`: a human decides; `none`: completed when submitted. */
export const reviewPolicies = ['required', 'none'] as const
export type ReviewPolicy = (typeof reviewPolicies)[number]

/** How an attempt stands or ended. RUNNING is the only one that is live. */
export const attemptOutcomes = [
  'RUNNING',
  'SUBMITTED',
  'FAILED',
  'EXPIRED',
  'RELEASED',
  'DRAINED',
  'INTERRUPTED',
  'WAITING',
  'CANCELED',
  'REPLACED',
] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

/** The verbs that change a job: each leaves one log row whose kind is the verb. */
export const jobVerbs = [
  'create',
  'edit',
  'assign',
  'claim',
  'release',
  'requestInput',
  'answer',
  'submit',
  'accept',
  'sendBack',
  'fail',
  'expire',
  'cancel',
  'resubmit',
  'complete',
  'reassign',
  'archive',
  'tag',
  'undo',
] as const
export type JobVerb = (typeof jobVerbs)[number]

/** What an agent says while it works, and what came too late: rows that change nothing on the job. */
export const eventKinds = ['message', 'progress', 'usage', 'call', 'late'] as const
export type EventKind = (typeof eventKinds)[number]

export const logKinds = [...jobVerbs, ...eventKinds] as const
export type LogKind = (typeof logKinds)[number]

export const actorKinds = ['user', 'agent', 'system'] as const
export type ActorKind = (typeof actorKinds)[number]

/** What a one-time link is for: the first account, a new password, an account for somebody who was invited. */
export const linkPurposes = ['setup', 'password', 'invite'] as const
export type LinkPurpose = (typeof linkPurposes)[number]

/** A batch is frozen as a draft, confirmed, worked through in slices, and then over. */
export const batchStates = ['DRAFT', 'RUNNING', 'STOPPED', 'DONE'] as const
export type BatchState = (typeof batchStates)[number]

/** What a batch does to each of its jobs; `priority`, `addTag` and `removeTag` are changes of one field. */
export const batchVerbs = [
  'cancel',
  'resubmit',
  'reassign',
  'complete',
  'accept',
  'priority',
  'addTag',
  'removeTag',
  'archive',
  'purge',
] as const
export type BatchVerb = (typeof batchVerbs)[number]

/** What batches there are: `import` makes a job of each row of a table, the others do something to jobs. */
export const batchKinds = [...batchVerbs, 'import'] as const
export type BatchKind = (typeof batchKinds)[number]

/** What became of one job of a batch. */
export const itemOutcomes = ['DONE', 'REFUSED'] as const
export type ItemOutcome = (typeof itemOutcomes)[number]

/** Whose jobs a list, a saved view or a batch is about: the person's own, or everyone's (admins). */
export const listScopes = ['own', 'all'] as const
export type ListScope = (typeof listScopes)[number]

export const scheduleStates = ['ACTIVE', 'PAUSED'] as const
export type ScheduleState = (typeof scheduleStates)[number]

/** What is done about runs that fell due while nothing ran: none of them, the latest one, or every one. */
export const catchUpPolicies = ['skip', 'latest', 'all'] as const
export type CatchUpPolicy = (typeof catchUpPolicies)[number]

/** What became of one due time of a schedule. */
export const runOutcomes = ['MADE', 'SKIPPED', 'FAILED'] as const
export type RunOutcomeWord = (typeof runOutcomes)[number]

/** What a person chose of how Docket looks; `system` is what the device says. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const densities = ['comfortable', 'compact'] as const
export type Density = (typeof densities)[number]

/** What a browser tells of: nothing, when a job needs its owner, or also when one ends. */
export const notificationChoices = ['off', 'needs-me', 'all'] as const
export type NotificationChoice = (typeof notificationChoices)[number]
