import { statusLabels } from '~/domain/jobs/status'
import { paths } from '~/paths'
import type { Icon } from '../icon'
import { Bot, ChevronRight, Clock, Plus, Search } from '../icons'
import { statusLooks } from '../JobStatusBadge'
import { plainName } from '../name'
import { type Go, press } from './do-keys'
import type { RecentJob } from './recent'
import { shortcuts } from './shortcuts'
import type { FoundJson } from './use-found'
import type { Viewer } from './viewer'

/** One thing that the palette offers. */
export interface Entry {
  id: string
  section: string
  label: string
  /** Said beside it. */
  detail?: string
  keys?: string
  Icon: Icon
  look?: string
  /** The server has a say in whether it is there, or first. */
  isFound?: boolean
  run: (go: Go) => void
}

/** What the page itself offers, in this order, where it does. */
const onThePage: [does: string, label: string][] = [
  ['accept', 'Accept the result'],
  ['send-back', 'Send the result back'],
  ['answer', 'Answer the agent'],
  ['resubmit', 'Resubmit this job'],
  ['edit', 'Edit this job'],
  ['reassign', 'Give this job to another agent'],
  ['complete', 'Complete this job yourself'],
  ['archive', 'Archive this job'],
  ['cancel', 'Cancel this job'],
  ['purge', 'Purge this job'],
  ['next-review', 'Next job to review'],
]

const places: { label: string; to: string; keys?: string; admin?: boolean }[] = [
  { label: 'New job', to: paths.newJob(), keys: 'c' },
  { label: 'New job from a template', to: paths.templates },
  { label: 'Jobs', to: paths.jobs() },
  { label: 'Jobs to review', to: paths.jobs({ status: ['IN_REVIEW'] }) },
  { label: 'Jobs that wait for your answer', to: paths.jobs({ status: ['INPUT_REQUIRED'] }) },
  { label: 'Batches', to: paths.batches() },
  { label: 'Templates', to: paths.templates },
  { label: 'New template', to: paths.newTemplate() },
  { label: 'Schedules', to: paths.schedules },
  { label: 'New schedule', to: paths.newSchedule() },
  { label: 'Saved views', to: paths.views },
  { label: 'Settings', to: paths.settings },
  { label: 'Preferences: theme, density, time zone, keys', to: paths.settingsPreferences },
  { label: 'API tokens', to: paths.settingsTokens },
  { label: 'Overview', to: paths.overview, keys: 'g a', admin: true },
  { label: 'All jobs', to: paths.desk(), admin: true },
  { label: 'All jobs to review', to: paths.desk({ status: ['IN_REVIEW'] }), admin: true },
  { label: 'Agents', to: paths.agents, admin: true },
  { label: 'New agent', to: paths.newAgent(), admin: true },
  { label: 'Users', to: paths.users, admin: true },
  { label: 'Audit', to: paths.audit, admin: true },
  { label: 'Retention', to: paths.retention, admin: true },
  { label: 'Backups', to: paths.backups, admin: true },
]

/** Whether words of the label begin with all that is typed. */
export function fits(label: string, typed: string): boolean {
  const words = ` ${label.toLowerCase()}`
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(` ${word}`))
}

interface Known {
  viewer: Viewer
  /** Whether single keys do things. */
  isOn: boolean
  typed: string
  recent: RecentJob[]
  found: FoundJson
}

/** All that is offered for what is typed, section by section. */
export function entriesFor({ viewer, isOn, typed, recent, found }: Known): Entry[] {
  const q = typed.trim()
  const all = [
    ...recent.filter(isElsewhere).map(recentEntry),
    ...offered(),
    ...places.filter(({ admin }) => viewer.isAdmin || !admin).map(placeEntry),
  ]
    .filter(({ label }) => fits(label, q))
    .map((entry) => (isOn ? entry : { ...entry, keys: undefined }))
  if (q === '') return all
  const shown = new Set(all.map(({ id }) => id))
  const jobs = found.jobs.map((job) => jobEntry(job, viewer)).filter(({ id }) => !shown.has(id))
  const agents = found.agents.map((agent) => agentEntry(agent, viewer))
  const results: Entry = {
    ...{ id: 'search', section: 'Search', label: `All that is found for “${q}”`, Icon: Search },
    isFound: true,
    run: (go) => go(paths.search(q)),
  }
  return [...all, ...jobs, ...agents, results]
}

const jobPath = (id: string, scope: RecentJob['scope']) =>
  scope === 'own' ? paths.job(id) : paths.deskJob(id)

/** The page itself is no place to go to. */
const isElsewhere = ({ id, scope }: RecentJob) => jobPath(id, scope) !== location.pathname

const recentEntry = ({ id, name, scope }: RecentJob): Entry => ({
  ...{ id: `job-${id}`, section: 'Recent', label: plainName(name), Icon: Clock },
  run: (go) => go(jobPath(id, scope)),
})

const offered = (): Entry[] =>
  onThePage
    .filter(([does]) => document.querySelector(`main [data-does="${does}"]`))
    .map(([does, label]) => ({
      ...{ id: does, section: 'On this page', label, Icon: ChevronRight },
      keys: shortcuts.find((each) => each.does === does)?.keys,
      run: (go) => press(does, go),
    }))

const placeEntry = ({ label, to, keys }: (typeof places)[number]): Entry => ({
  ...{ id: `to-${label}`, section: 'Actions', label, Icon: label.startsWith('New') ? Plus : ChevronRight },
  keys: keys ?? shortcuts.find((each) => each.words === label)?.keys,
  run: (go) => go(to),
})

function jobEntry(job: FoundJson['jobs'][number], viewer: Viewer): Entry {
  const isOwn = job.userId === viewer.id
  const { Icon, text } = statusLooks[job.status]
  const whose = isOwn ? '' : ` · ${plainName(job.ownerName)}`
  return {
    ...{ id: `job-${job.id}`, section: 'Jobs', label: plainName(job.name), Icon, look: text },
    detail: `${statusLabels[job.status]}${whose}`,
    isFound: true,
    run: (go) => go(jobPath(job.id, isOwn ? 'own' : 'all')),
  }
}

const agentEntry = ({ id, name, state }: FoundJson['agents'][number], viewer: Viewer): Entry => ({
  ...{ id: `agent-${id}`, section: 'Agents', label: plainName(name), Icon: Bot },
  detail: [viewer.isAdmin ? '' : 'its jobs', state === 'ACTIVE' ? '' : state.toLowerCase()]
    .filter(Boolean)
    .join(' · '),
  isFound: true,
  run: (go) => go(viewer.isAdmin ? paths.agent(id) : paths.jobs({ agent: id })),
})
